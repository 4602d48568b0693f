package dev.sluice.connect.glue;

import dev.sluice.model.Table;
import dev.sluice.runtime.spi.FileCatalog;
import dev.sluice.runtime.spi.FileCatalog.Entry;
import dev.sluice.runtime.spi.FileCatalog.Partition;
import dev.sluice.runtime.spi.HiveLayout;
import dev.sluice.runtime.spi.HiveTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.glue.model.Column;
import software.amazon.awssdk.services.glue.model.PartitionInput;
import software.amazon.awssdk.services.glue.model.StorageDescriptor;
import software.amazon.awssdk.services.glue.model.TableInput;

/** The same table in Glue's words and in ours. */
final class GlueTables {
  private GlueTables() {}

  static TableInput input(Table table, Entry entry) {
    HiveLayout layout = HiveLayout.of(table, entry);
    return TableInput.builder()
        .name(table.shortName())
        .description(table.comment())
        .tableType(HiveLayout.EXTERNAL)
        .parameters(layout.parameters())
        .partitionKeys(columns(layout.partitionKeys()))
        .storageDescriptor(storage(table, layout, entry.location()))
        .build();
  }

  static PartitionInput input(Table table, Entry entry, Partition partition) {
    return PartitionInput.builder()
        .values(partition.values())
        .parameters(HiveLayout.parameters(partition))
        .storageDescriptor(storage(table, HiveLayout.of(table, entry), partition.location()))
        .build();
  }

  private static StorageDescriptor storage(Table table, HiveLayout layout, String location) {
    return StorageDescriptor.builder()
        .columns(columns(layout.columns()))
        .location(location)
        .inputFormat(layout.inputFormat())
        .outputFormat(layout.outputFormat())
        .serdeInfo(
            serde ->
                serde
                    .serializationLibrary(layout.serde())
                    .parameters(HiveLayout.serdeParameters(table, location)))
        .build();
  }

  private static List<Column> columns(List<HiveLayout.Field> fields) {
    return fields.stream()
        .map(f -> Column.builder().name(f.name()).type(f.type()).comment(f.comment()).build())
        .toList();
  }

  static HiveTable found(software.amazon.awssdk.services.glue.model.Table found) {
    StorageDescriptor storage =
        Optional.ofNullable(found.storageDescriptor())
            .orElseGet(() -> StorageDescriptor.builder().location("").build());
    Map<String, String> parameters = new LinkedHashMap<>(found.parameters());
    Optional.ofNullable(found.versionId())
        .ifPresent(version -> parameters.put(FileCatalog.REVISION, version));
    return new HiveTable(
        fields(storage.columns()),
        fields(found.partitionKeys()),
        storage.location(),
        parameters,
        found.tableType(),
        storage.serdeInfo() == null ? null : storage.serdeInfo().serializationLibrary(),
        storage.bucketColumns(),
        found.description());
  }

  private static List<HiveLayout.Field> fields(List<Column> columns) {
    return columns.stream()
        .map(column -> new HiveLayout.Field(column.name(), column.type(), column.comment()))
        .toList();
  }

  static Partition partition(software.amazon.awssdk.services.glue.model.Partition found) {
    return HiveLayout.partition(
        found.values(), found.storageDescriptor().location(), found.parameters());
  }
}
