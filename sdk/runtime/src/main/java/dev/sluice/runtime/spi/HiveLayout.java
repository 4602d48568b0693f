package dev.sluice.runtime.spi;

import dev.sluice.model.Table;
import dev.sluice.model.TableFormat;
import dev.sluice.runtime.spi.FileCatalog.Entry;
import dev.sluice.runtime.spi.FileCatalog.Partition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.internal.HiveSerDe;

/**
 * A table of files in Hive's words, which AWS Glue and the Hive Metastore both speak.
 *
 * @param columns those that stand in the files, in order
 * @param partitionKeys those that stand in the folders' names, in order
 * @param parameters free key-value pairs of the table
 * @param inputFormat Hive's class that reads the format's files
 * @param outputFormat Hive's class that writes them
 * @param serde Hive's class that takes rows apart
 */
public record HiveLayout(
    List<Field> columns,
    List<Field> partitionKeys,
    Map<String, String> parameters,
    String inputFormat,
    String outputFormat,
    String serde) {

  /** The kind of table whose files Hive never deletes. */
  public static final String EXTERNAL = "EXTERNAL_TABLE";

  private static final String TEXT_SERDE = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe";
  private static final String ROWS = "sluice.rows-written";
  static final String TYPE = "sluice.type.";

  /** How many rows there are, as Hive, Spark and Trino look for it when they plan a query. */
  private static final String NUM_ROWS = "numRows";

  /** One column; the comment is null where there is none. */
  public record Field(String name, String type, String comment) {}

  /** Says a table in Hive's words. */
  public static HiveLayout of(Table table, Entry entry) {
    HiveSerDe format = HiveSerDe.sourceToSerDe(hiveName(table)).get();
    List<String> folders = folders(table);
    Map<String, String> parameters = new LinkedHashMap<>(entry.parameters());
    if (table.format() != TableFormat.DELTA && folders.isEmpty() && parameters.containsKey(ROWS)) {
      parameters.put(NUM_ROWS, parameters.get(ROWS)); // what is there is what the last run wrote
    }
    entry
        .columns()
        .forEach(
            (name, type) -> {
              if (!hiveType(type).equals(type)) {
                parameters.put(TYPE + name, type);
              }
            });
    return new HiveLayout(
        entry.columns().entrySet().stream()
            .filter(column -> !folders.contains(column.getKey()))
            .map(column -> field(table, column.getKey(), column.getValue()))
            .toList(),
        folders.stream().map(name -> field(table, name, entry.columns().get(name))).toList(),
        parameters,
        format.inputFormat().get(),
        format.outputFormat().get(),
        format.serde().getOrElse(() -> TEXT_SERDE));
  }

  /**
   * The columns that name partition folders in the catalog. Of a Delta table the log knows the
   * partitions, of an Iceberg table its metadata, and the catalog none.
   */
  public static List<String> folders(Table table) {
    return switch (table.format()) {
      case ICEBERG, DELTA -> List.of();
      case PARQUET, ORC, AVRO ->
          table.partitioning().stream().map(dev.sluice.model.Partition::name).toList();
    };
  }

  /**
   * A Delta table has the classes that Spark gives it: an engine which does not know Delta fails,
   * and does not take every file that it finds there for rows of the table.
   */
  private static String hiveName(Table table) {
    return table.format() == TableFormat.DELTA ? "sequencefile" : table.format().word();
  }

  /** What Hive's serde is told; Trino and Spark look for a Delta table at its path. */
  public static Map<String, String> serdeParameters(Table table, String location) {
    return table.format() == TableFormat.DELTA
        ? Map.of("serialization.format", "1", "path", location)
        : Map.of("serialization.format", "1");
  }

  private static Field field(Table table, String name, String type) {
    String comment = comment(table, name).orElse("");
    return new Field(name, hiveType(type), comment.isEmpty() ? null : comment);
  }

  /** What is declared of a column; empty where the column is not. */
  static Optional<String> comment(Table table, String column) {
    return table.columns().stream()
        .filter(declared -> declared.name().equals(column))
        .map(dev.sluice.model.Column::comment)
        .findFirst();
  }

  /** Hive has one timestamp; the type that was declared is kept in the table's parameters. */
  private static String hiveType(String type) {
    return type.replace("timestamp_ntz", "timestamp");
  }

  /** The parameters of a partition. */
  public static Map<String, String> parameters(Partition partition) {
    String rows = Long.toString(partition.rows());
    return Map.of(ROWS, rows, NUM_ROWS, rows);
  }

  /** The same place as Sluice names it: clients of Hadoop say {@code s3a://}. */
  static String place(String location) {
    return location.replaceFirst("^s3[an]://", "s3://");
  }

  /** The class that takes rows of a format apart, if Hive has one. */
  static Optional<String> serde(TableFormat format) {
    return Optional.ofNullable(
        HiveSerDe.sourceToSerDe(format.word()).flatMap(HiveSerDe::serde).getOrElse(() -> null));
  }

  /** Says a partition in our words. */
  public static Partition partition(
      List<String> values, String location, Map<String, String> parameters) {
    return new Partition(
        values, place(location), Long.parseLong(parameters.getOrDefault(ROWS, "0")));
  }
}
