package dev.sluice.connect.glue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.AlreadyExistsException;
import software.amazon.awssdk.services.glue.model.BatchCreatePartitionRequest;
import software.amazon.awssdk.services.glue.model.BatchCreatePartitionResponse;
import software.amazon.awssdk.services.glue.model.BatchDeletePartitionRequest;
import software.amazon.awssdk.services.glue.model.BatchDeletePartitionResponse;
import software.amazon.awssdk.services.glue.model.BatchUpdatePartitionRequest;
import software.amazon.awssdk.services.glue.model.BatchUpdatePartitionResponse;
import software.amazon.awssdk.services.glue.model.ConcurrentModificationException;
import software.amazon.awssdk.services.glue.model.CreateDatabaseRequest;
import software.amazon.awssdk.services.glue.model.CreateDatabaseResponse;
import software.amazon.awssdk.services.glue.model.CreatePartitionIndexRequest;
import software.amazon.awssdk.services.glue.model.CreatePartitionIndexResponse;
import software.amazon.awssdk.services.glue.model.CreateTableRequest;
import software.amazon.awssdk.services.glue.model.CreateTableResponse;
import software.amazon.awssdk.services.glue.model.DeleteTableVersionRequest;
import software.amazon.awssdk.services.glue.model.DeleteTableVersionResponse;
import software.amazon.awssdk.services.glue.model.EntityNotFoundException;
import software.amazon.awssdk.services.glue.model.ErrorDetail;
import software.amazon.awssdk.services.glue.model.GetPartitionIndexesRequest;
import software.amazon.awssdk.services.glue.model.GetPartitionIndexesResponse;
import software.amazon.awssdk.services.glue.model.GetPartitionsRequest;
import software.amazon.awssdk.services.glue.model.GetPartitionsResponse;
import software.amazon.awssdk.services.glue.model.GetTableRequest;
import software.amazon.awssdk.services.glue.model.GetTableResponse;
import software.amazon.awssdk.services.glue.model.GetTableVersionsRequest;
import software.amazon.awssdk.services.glue.model.GetTableVersionsResponse;
import software.amazon.awssdk.services.glue.model.InvalidInputException;
import software.amazon.awssdk.services.glue.model.KeySchemaElement;
import software.amazon.awssdk.services.glue.model.Partition;
import software.amazon.awssdk.services.glue.model.PartitionError;
import software.amazon.awssdk.services.glue.model.PartitionIndexDescriptor;
import software.amazon.awssdk.services.glue.model.PartitionIndexStatus;
import software.amazon.awssdk.services.glue.model.PartitionInput;
import software.amazon.awssdk.services.glue.model.ResourceNumberLimitExceededException;
import software.amazon.awssdk.services.glue.model.Table;
import software.amazon.awssdk.services.glue.model.TableInput;
import software.amazon.awssdk.services.glue.model.TableVersion;
import software.amazon.awssdk.services.glue.model.UpdateTableRequest;
import software.amazon.awssdk.services.glue.model.UpdateTableResponse;

/** One table in memory, with the limits that AWS documents and that emulators do not keep. */
final class FakeGlue implements GlueClient {
  private static final int PAGE = 70;

  /** How many entries each call carried, in order: {@code create 100}. */
  final List<String> calls = new ArrayList<>();

  private final Map<List<String>, Partition> partitions = new LinkedHashMap<>();
  private boolean database;

  /** The versions that are kept of the table's entry, the current one included. */
  final List<String> versions = new ArrayList<>();

  private final Map<String, List<String>> indexes = new LinkedHashMap<>();
  private int made;
  private Optional<Runnable> meanwhile = Optional.empty();
  private Table table;

  /** Does this before the next update of the table is looked at, once. */
  void meanwhile(Runnable what) {
    meanwhile =
        Optional.of(
            () -> {
              meanwhile = Optional.empty();
              what.run();
            });
  }

  @Override
  public CreateDatabaseResponse createDatabase(CreateDatabaseRequest request) {
    if (database) {
      throw AlreadyExistsException.builder().message("database").build();
    }
    database = true;
    return CreateDatabaseResponse.builder().build();
  }

  @Override
  public GetTableResponse getTable(GetTableRequest request) {
    if (table == null) {
      throw EntityNotFoundException.builder().message("table").build();
    }
    return GetTableResponse.builder().table(table).build();
  }

  @Override
  public CreateTableResponse createTable(CreateTableRequest request) {
    keep(request.tableInput(), false);
    return CreateTableResponse.builder().build();
  }

  @Override
  public UpdateTableResponse updateTable(UpdateTableRequest request) {
    meanwhile.ifPresent(Runnable::run);
    if (request.versionId() != null && !request.versionId().equals(table.versionId())) {
      throw ConcurrentModificationException.builder().message("version").build();
    }
    keep(request.tableInput(), !Boolean.TRUE.equals(request.skipArchive()));
    return UpdateTableResponse.builder().build();
  }

  private void keep(TableInput input, boolean archived) {
    if (!archived && !versions.isEmpty()) {
      versions.remove(versions.size() - 1);
    }
    versions.add(Integer.toString(made++));
    table =
        Table.builder()
            .versionId(versions.get(versions.size() - 1))
            .name(input.name())
            .description(input.description())
            .parameters(input.parameters())
            .tableType(input.tableType())
            .partitionKeys(input.partitionKeys())
            .storageDescriptor(input.storageDescriptor())
            .build();
  }

  @Override
  public GetTableVersionsResponse getTableVersions(GetTableVersionsRequest request) {
    if (table == null) {
      throw EntityNotFoundException.builder().message("table").build();
    }
    int from = request.nextToken() == null ? 0 : Integer.parseInt(request.nextToken());
    int to = Math.min(versions.size(), from + PAGE);
    return GetTableVersionsResponse.builder()
        .tableVersions(
            versions.subList(from, to).stream()
                .map(version -> TableVersion.builder().versionId(version).build())
                .toList())
        .nextToken(to < versions.size() ? Integer.toString(to) : null)
        .build();
  }

  @Override
  public DeleteTableVersionResponse deleteTableVersion(DeleteTableVersionRequest request) {
    if (!versions.remove(request.versionId())) {
      throw EntityNotFoundException.builder().message("version").build();
    }
    return DeleteTableVersionResponse.builder().build();
  }

  @Override
  public GetPartitionIndexesResponse getPartitionIndexes(GetPartitionIndexesRequest request) {
    return GetPartitionIndexesResponse.builder()
        .partitionIndexDescriptorList(
            indexes.entrySet().stream()
                .map(
                    index ->
                        PartitionIndexDescriptor.builder()
                            .indexName(index.getKey())
                            .indexStatus(PartitionIndexStatus.CREATING)
                            .keys(
                                index.getValue().stream()
                                    .map(key -> KeySchemaElement.builder().name(key).build())
                                    .toList())
                            .build())
                .toList())
        .build();
  }

  @Override
  public CreatePartitionIndexResponse createPartitionIndex(CreatePartitionIndexRequest request) {
    calls.add("index " + String.join(",", request.partitionIndex().keys()));
    if (indexes.size() == 3) {
      throw ResourceNumberLimitExceededException.builder().message("three").build();
    }
    if (indexes.putIfAbsent(request.partitionIndex().indexName(), request.partitionIndex().keys())
        != null) {
      throw AlreadyExistsException.builder().message("index").build();
    }
    return CreatePartitionIndexResponse.builder().build();
  }

  @Override
  public GetPartitionsResponse getPartitions(GetPartitionsRequest request) {
    List<Partition> all = List.copyOf(partitions.values());
    int from = request.nextToken() == null ? 0 : Integer.parseInt(request.nextToken());
    int to = Math.min(all.size(), from + PAGE);
    return GetPartitionsResponse.builder()
        .partitions(all.subList(from, to))
        .nextToken(to < all.size() ? Integer.toString(to) : null)
        .build();
  }

  @Override
  public BatchCreatePartitionResponse batchCreatePartition(BatchCreatePartitionRequest request) {
    called("create", request.partitionInputList().size(), 100);
    List<PartitionError> errors = new ArrayList<>();
    for (PartitionInput input : request.partitionInputList()) {
      if (partitions.containsKey(input.values())) {
        errors.add(error(input.values(), "AlreadyExistsException"));
      } else {
        keep(input);
      }
    }
    return BatchCreatePartitionResponse.builder().errors(errors).build();
  }

  @Override
  public BatchUpdatePartitionResponse batchUpdatePartition(BatchUpdatePartitionRequest request) {
    called("update", request.entries().size(), 100);
    request.entries().forEach(entry -> keep(entry.partitionInput()));
    return BatchUpdatePartitionResponse.builder().build();
  }

  @Override
  public BatchDeletePartitionResponse batchDeletePartition(BatchDeletePartitionRequest request) {
    called("delete", request.partitionsToDelete().size(), 25);
    List<PartitionError> errors = new ArrayList<>();
    request
        .partitionsToDelete()
        .forEach(
            one -> {
              if (partitions.remove(one.values()) == null) {
                errors.add(error(one.values(), "EntityNotFoundException"));
              }
            });
    return BatchDeletePartitionResponse.builder().errors(errors).build();
  }

  private void keep(PartitionInput input) {
    partitions.put(
        input.values(),
        Partition.builder()
            .values(input.values())
            .parameters(input.parameters())
            .storageDescriptor(input.storageDescriptor())
            .build());
  }

  private void called(String name, int entries, int most) {
    calls.add(name + " " + entries);
    if (entries > most) {
      throw InvalidInputException.builder()
          .message("Member must have length less than or equal to " + most)
          .build();
    }
  }

  private static PartitionError error(List<String> values, String code) {
    ErrorDetail detail = ErrorDetail.builder().errorCode(code).errorMessage("refused").build();
    return PartitionError.builder().partitionValues(values).errorDetail(detail).build();
  }

  @Override
  public String serviceName() {
    return "glue";
  }

  @Override
  public void close() {}
}
