package dev.sluice.connect.glue;

import dev.sluice.model.Table;
import dev.sluice.runtime.spi.FileCatalog.Entry;
import dev.sluice.runtime.spi.FileCatalog.Partition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.internal.HiveSerDe;
import software.amazon.awssdk.services.glue.model.Column;
import software.amazon.awssdk.services.glue.model.PartitionInput;
import software.amazon.awssdk.services.glue.model.StorageDescriptor;
import software.amazon.awssdk.services.glue.model.TableInput;

/** The same table in Glue's words and in ours. */
final class GlueTables {
  private static final String ROWS = "sluice.rows-written";

  private GlueTables() {}

  static TableInput input(Table table, Entry entry) {
    return TableInput.builder()
        .name(table.shortName())
        .description(table.comment())
        .tableType("EXTERNAL_TABLE")
        .parameters(entry.parameters())
        .partitionKeys(
            table.partitions().stream()
                .map(name -> column(table, name, entry.columns().get(name)))
                .toList())
        .storageDescriptor(storage(table, entry, entry.location()))
        .build();
  }

  static PartitionInput input(Table table, Entry entry, Partition partition) {
    return PartitionInput.builder()
        .values(partition.values())
        .parameters(Map.of(ROWS, Long.toString(partition.rows())))
        .storageDescriptor(storage(table, entry, partition.location()))
        .build();
  }

  /** Hive's names of the format's classes; every engine that reads Glue knows them. */
  private static StorageDescriptor storage(Table table, Entry entry, String location) {
    List<Column> columns =
        entry.columns().entrySet().stream()
            .filter(column -> !table.partitions().contains(column.getKey()))
            .map(column -> column(table, column.getKey(), column.getValue()))
            .toList();
    HiveSerDe format = HiveSerDe.sourceToSerDe(table.format().word()).get();
    return StorageDescriptor.builder()
        .columns(columns)
        .location(location)
        .inputFormat(format.inputFormat().get())
        .outputFormat(format.outputFormat().get())
        .serdeInfo(
            serde ->
                serde
                    .serializationLibrary(format.serde().get())
                    .parameters(Map.of("serialization.format", "1")))
        .build();
  }

  private static Column column(Table table, String name, String type) {
    String comment =
        table.columns().stream()
            .filter(column -> column.name().equals(name))
            .map(dev.sluice.model.Column::comment)
            .findFirst()
            .orElse("");
    return Column.builder()
        .name(name)
        .type(type)
        .comment(comment.isEmpty() ? null : comment)
        .build();
  }

  static Entry entry(software.amazon.awssdk.services.glue.model.Table found) {
    Map<String, String> columns = new LinkedHashMap<>();
    found.storageDescriptor().columns().forEach(c -> columns.put(c.name(), c.type()));
    found.partitionKeys().forEach(c -> columns.put(c.name(), c.type()));
    return new Entry(columns, found.storageDescriptor().location(), found.parameters());
  }

  static Partition partition(software.amazon.awssdk.services.glue.model.Partition found) {
    long rows = Long.parseLong(found.parameters().getOrDefault(ROWS, "0"));
    return new Partition(found.values(), found.storageDescriptor().location(), rows);
  }
}
