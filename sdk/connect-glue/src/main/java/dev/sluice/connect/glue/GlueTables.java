package dev.sluice.connect.glue;

import dev.sluice.model.Table;
import dev.sluice.runtime.spi.FileCatalog;
import dev.sluice.runtime.spi.FileCatalog.Entry;
import dev.sluice.runtime.spi.FileCatalog.Partition;
import dev.sluice.runtime.spi.HiveLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
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

  /** All columns, those of the partitions last. */
  static List<HiveLayout.Field> fields(software.amazon.awssdk.services.glue.model.Table found) {
    return Stream.concat(
            found.storageDescriptor().columns().stream(), found.partitionKeys().stream())
        .map(column -> new HiveLayout.Field(column.name(), column.type(), column.comment()))
        .toList();
  }

  static Entry entry(Table table, software.amazon.awssdk.services.glue.model.Table found) {
    Map<String, String> parameters = new LinkedHashMap<>(found.parameters());
    Optional.ofNullable(found.versionId())
        .ifPresent(version -> parameters.put(FileCatalog.REVISION, version));
    return HiveLayout.entry(table, fields(found), found.storageDescriptor().location(), parameters);
  }

  static Partition partition(software.amazon.awssdk.services.glue.model.Partition found) {
    return HiveLayout.partition(
        found.values(), found.storageDescriptor().location(), found.parameters());
  }
}
