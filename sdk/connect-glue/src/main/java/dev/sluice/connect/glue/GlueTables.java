package dev.sluice.connect.glue;

import dev.sluice.model.Table;
import dev.sluice.model.TableFormat;
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
  private static final String TEXT_SERDE = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe";

  private GlueTables() {}

  static TableInput input(Table table, Entry entry) {
    return TableInput.builder()
        .name(table.shortName())
        .description(table.comment())
        .tableType("EXTERNAL_TABLE")
        .parameters(entry.parameters())
        .partitionKeys(
            folders(table).stream()
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
            .filter(column -> !folders(table).contains(column.getKey()))
            .map(column -> column(table, column.getKey(), column.getValue()))
            .toList();
    HiveSerDe format = HiveSerDe.sourceToSerDe(hiveName(table)).get();
    return StorageDescriptor.builder()
        .columns(columns)
        .location(location)
        .inputFormat(format.inputFormat().get())
        .outputFormat(format.outputFormat().get())
        .serdeInfo(
            serde ->
                serde
                    .serializationLibrary(format.serde().getOrElse(() -> TEXT_SERDE))
                    .parameters(serde(table, location)))
        .build();
  }

  /** Trino and Spark look for a Delta table at its path, and not at its location. */
  private static Map<String, String> serde(Table table, String location) {
    return table.format() == TableFormat.DELTA
        ? Map.of("serialization.format", "1", "path", location)
        : Map.of("serialization.format", "1");
  }

  /**
   * The columns that name partition folders in the catalog. Of a Delta table the log knows the
   * partitions, and the catalog none.
   */
  private static List<String> folders(Table table) {
    return table.format() == TableFormat.DELTA ? List.of() : table.partitions();
  }

  /**
   * A Delta table has the classes that Spark gives it: an engine which does not know Delta fails,
   * and does not take every file that it finds there for rows of the table.
   */
  private static String hiveName(Table table) {
    return table.format() == TableFormat.DELTA ? "sequencefile" : table.format().word();
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
