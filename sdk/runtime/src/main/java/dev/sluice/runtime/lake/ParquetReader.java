package dev.sluice.runtime.lake;

import dev.sluice.model.Table;
import dev.sluice.runtime.spi.FileCatalog.Partition;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** Reads partitions of plain files from just the folders that the catalog points to. */
final class ParquetReader {
  private ParquetReader() {}

  static Dataset<Row> read(
      SparkSession spark, Table table, String root, List<Partition> partitions) {
    StructType schema = Schemas.spark(table.columns());
    if (partitions.isEmpty()) {
      return spark.createDataFrame(List.of(), schema);
    }
    String[] folders = partitions.stream().map(Partition::location).toArray(String[]::new);
    return spark.read().schema(schema).option("basePath", root).parquet(folders);
  }
}
