package dev.sluice.runtime.source;

import dev.sluice.model.Receipt.PinnedFile;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.execution.datasources.parquet.ParquetToSparkSchemaConverter;
import org.apache.spark.sql.types.DataType;

/** The columns in the footer of a Parquet file. */
record ParquetColumns(MessageType schema) implements FileColumns {
  /**
   * Binary is no text, old times are times, a wall clock is one: as Spark takes files by default.
   */
  private static final ParquetToSparkSchemaConverter TYPES =
      new ParquetToSparkSchemaConverter(false, true, false, true, false, false, false);

  static ParquetColumns open(Configuration hadoop, PinnedFile file) throws IOException {
    return new ParquetColumns(ParquetFooter.read(hadoop, file).schema());
  }

  @Override
  public List<String> names() {
    return schema.getFields().stream().map(Type::getName).toList();
  }

  @Override
  public DataType type(String column) {
    MessageType one = new MessageType(schema.getName(), schema.getType(column));
    return TYPES.convert(one).apply(0).dataType();
  }
}
