package dev.sluice.runtime.source;

import dev.sluice.model.Column;
import dev.sluice.model.Receipt.PinnedFile;
import dev.sluice.model.SluiceException;
import dev.sluice.runtime.lake.Schemas;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** Reads files of JSON lines; a column that an object lacks is null. */
final class JsonReader implements SourceReader {
  private final SparkSession spark;
  private final String name;
  private final List<Column> columns;
  private final Unreadable unreadable;

  JsonReader(SparkSession spark, String name, List<Column> columns, Unreadable unreadable) {
    this.spark = spark;
    this.name = name;
    this.columns = columns;
    this.unreadable = unreadable;
    for (Column column : columns) {
      if (column.type().matches(".*map<(?!string,).*")) {
        throw SluiceException.config(
            "Cannot read %s: column '%s' is %s, and the keys of a JSON object are texts. Declare"
                + " map<string,…>",
            name, column.name(), column.type());
      }
    }
  }

  @Override
  public StructType schema() {
    return TextSchema.of(columns, unreadable);
  }

  @Override
  public Dataset<Row> read(List<PinnedFile> files) {
    TextFormat format = new TextFormat(name, new JsonRecords(Schemas.spark(columns)), unreadable);
    return PinnedRows.of(spark, files, schema(), format, Map.of());
  }
}
