package dev.sluice.runtime.lake;

import dev.sluice.model.Table;
import dev.sluice.runtime.spi.FileCatalog.Partition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/** Reads plain files from just the folders that the catalog points to. */
public final class FileReader {
  private FileReader() {}

  /** The rows of these folders, columns as they are declared. */
  public static Dataset<Row> read(
      SparkSession spark, Table table, String root, List<Partition> partitions) {
    FileFormats.requireExactInstants(table);
    StructType schema = Schemas.spark(table.columns());
    String format = FileFormats.of(table).getClass().getName();
    if (partitions.isEmpty()) {
      return spark.createDataFrame(List.of(), schema);
    }
    Map<String, List<String>> byRoot = new LinkedHashMap<>();
    for (Partition partition : partitions) {
      byRoot
          .computeIfAbsent(root(root, partition), each -> new ArrayList<>())
          .add(partition.location());
    }
    Column[] declared =
        Arrays.stream(schema.fieldNames())
            .map(name -> functions.col("`" + name + "`"))
            .toArray(Column[]::new);
    return byRoot.entrySet().stream()
        .map(
            each ->
                spark
                    .read()
                    .format(format)
                    .schema(schema)
                    .option("basePath", each.getKey())
                    .load(each.getValue().toArray(String[]::new))
                    .select(declared))
        .reduce(Dataset::unionAll)
        .orElseThrow();
  }

  /** The folder above a partition's own ones: of one that others wrote it is another than ours. */
  private static String root(String ours, Partition partition) {
    if (partition.location().startsWith(ours + "/")) {
      return ours;
    }
    String root = partition.location();
    for (int i = 0; i < partition.values().size(); i++) {
      root = root.substring(0, root.lastIndexOf('/'));
    }
    return root;
  }
}
