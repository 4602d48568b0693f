package dev.sluice.connect.glue;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.ExitCode;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.runtime.spi.FileCatalog;
import dev.sluice.runtime.spi.Guard;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.AlreadyExistsException;
import software.amazon.awssdk.services.glue.model.BatchUpdatePartitionRequestEntry;
import software.amazon.awssdk.services.glue.model.ConcurrentModificationException;
import software.amazon.awssdk.services.glue.model.EntityNotFoundException;
import software.amazon.awssdk.services.glue.model.ErrorDetail;
import software.amazon.awssdk.services.glue.model.PartitionValueList;
import software.amazon.awssdk.services.glue.model.TableInput;

/** Tables of plain files in AWS Glue. */
final class GlueFileCatalog implements FileCatalog {
  /** The most partitions that one call takes. */
  static final int BATCH = 100;

  /** The most partitions that one delete takes. */
  static final int DELETE_BATCH = 25;

  private final GlueClient glue;
  private final GlueUpkeep upkeep;

  GlueFileCatalog(GlueClient glue, GlueUpkeep upkeep) {
    this.glue = glue;
    this.upkeep = upkeep;
  }

  @Override
  public List<String> words(Table table) {
    return get(table).map(found -> GlueTables.found(found).words(table)).orElse(List.of());
  }

  @Override
  public List<String> tend(Table table, boolean only) {
    return upkeep.tend(table, only);
  }

  @Override
  public Optional<Entry> find(Table table) {
    return get(table).map(found -> GlueTables.found(found).entry(table));
  }

  @Override
  public Optional<Table> declaration(String name) {
    return get(Table.parquet(name)).map(found -> GlueTables.found(found).declaration(name));
  }

  private Optional<software.amazon.awssdk.services.glue.model.Table> get(Table table) {
    try {
      return Optional.of(
          glue.getTable(r -> r.databaseName(table.namespace()).name(table.shortName())).table());
    } catch (EntityNotFoundException e) {
      return Optional.empty();
    }
  }

  @Override
  public void put(Table table, Entry entry) {
    try {
      glue.createDatabase(r -> r.databaseInput(d -> d.name(table.namespace())));
    } catch (AlreadyExistsException e) {
      // There already, which is all that was wanted.
    }
    Map<String, String> parameters = new LinkedHashMap<>(entry.parameters());
    Optional<String> seen = Optional.ofNullable(parameters.remove(REVISION));
    var input = GlueTables.input(table, new Entry(entry.columns(), entry.location(), parameters));
    var there = get(table);
    if (there.isEmpty()) {
      create(table, input);
    } else if (seen.isPresent() || there.get().versionId() == null) {
      update(table, input, seen);
    }
    // Else another run has made the table since the caller looked: its entry stands.
  }

  private void create(Table table, TableInput input) {
    try {
      glue.createTable(r -> r.databaseName(table.namespace()).tableInput(input));
    } catch (AlreadyExistsException e) {
      // Another run was faster with the same declaration.
    }
  }

  /**
   * Glue refuses what was made of a version that is not the last one any more; it keeps no copy of
   * that, of which a table that is written every hour would soon have thousands.
   */
  private void update(Table table, TableInput input, Optional<String> version) {
    String seen = Guard.REVISION.holds() ? version.orElse(null) : null;
    try {
      glue.updateTable(
          r ->
              r.databaseName(table.namespace())
                  .tableInput(input)
                  .versionId(seen)
                  .skipArchive(true));
    } catch (ConcurrentModificationException e) {
      throw new SluiceException(
          ErrorKind.INFRA,
          ExitCode.CONFLICT,
          String.format(
              "Cannot change table %s in Glue: another run has changed it meanwhile. Run again",
              table.name()),
          e);
    }
  }

  @Override
  public List<Partition> partitions(Table table) {
    return glue
        .getPartitionsPaginator(r -> r.databaseName(table.namespace()).tableName(table.shortName()))
        .stream()
        .flatMap(page -> page.partitions().stream())
        .map(GlueTables::partition)
        .toList();
  }

  @Override
  public void point(Table table, List<Partition> partitions) {
    Entry entry = find(table).orElseThrow();
    Set<List<String>> there =
        partitions(table).stream().map(Partition::values).collect(Collectors.toSet());
    Map<Boolean, List<Partition>> known =
        partitions.stream().collect(Collectors.partitioningBy(p -> there.contains(p.values())));
    inBatches(
        table,
        known.get(false),
        BATCH,
        batch ->
            glue
                .batchCreatePartition(
                    r ->
                        r.databaseName(table.namespace())
                            .tableName(table.shortName())
                            .partitionInputList(
                                batch.stream()
                                    .map(p -> GlueTables.input(table, entry, p))
                                    .toList()))
                .errors()
                .stream()
                .map(error -> error.errorDetail())
                .toList());
    inBatches(
        table,
        known.get(true),
        BATCH,
        batch ->
            glue
                .batchUpdatePartition(
                    r ->
                        r.databaseName(table.namespace())
                            .tableName(table.shortName())
                            .entries(
                                batch.stream()
                                    .map(
                                        p ->
                                            BatchUpdatePartitionRequestEntry.builder()
                                                .partitionValueList(p.values())
                                                .partitionInput(GlueTables.input(table, entry, p))
                                                .build())
                                    .toList()))
                .errors()
                .stream()
                .map(error -> error.errorDetail())
                .toList());
  }

  @Override
  public void drop(Table table, List<Partition> partitions) {
    inBatches(
        table,
        partitions,
        DELETE_BATCH,
        batch ->
            glue
                .batchDeletePartition(
                    r ->
                        r.databaseName(table.namespace())
                            .tableName(table.shortName())
                            .partitionsToDelete(
                                batch.stream()
                                    .map(
                                        p ->
                                            PartitionValueList.builder().values(p.values()).build())
                                    .toList()))
                .errors()
                .stream()
                .map(error -> error.errorDetail())
                .toList());
  }

  private static void inBatches(
      Table table,
      List<Partition> partitions,
      int size,
      Function<List<Partition>, List<ErrorDetail>> call) {
    List<String> errors = new ArrayList<>();
    for (int from = 0; from < partitions.size(); from += size) {
      call.apply(partitions.subList(from, Math.min(partitions.size(), from + size)))
          .forEach(error -> errors.add(error.errorCode() + " " + error.errorMessage()));
    }
    if (!errors.isEmpty()) {
      throw new SluiceException(
          ErrorKind.INFRA,
          String.format(
              "Cannot register %d partitions of %s: Glue answered %s. Run again",
              errors.size(), table.name(), errors.get(0)));
    }
  }

  @Override
  public void close() {
    glue.close();
  }
}
