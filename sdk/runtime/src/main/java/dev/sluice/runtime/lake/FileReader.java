package dev.sluice.runtime.lake;

import dev.sluice.model.Table;
import dev.sluice.runtime.spi.FileCatalog.Partition;
import java.util.Arrays;
import java.util.List;
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
    String[] folders = partitions.stream().map(Partition::location).toArray(String[]::new);
    Column[] declared =
        Arrays.stream(schema.fieldNames())
            .map(name -> functions.col("`" + name + "`"))
            .toArray(Column[]::new);
    return spark
        .read()
        .format(format)
        .schema(schema)
        .option("basePath", root)
        .load(folders)
        .select(declared);
  }
}
