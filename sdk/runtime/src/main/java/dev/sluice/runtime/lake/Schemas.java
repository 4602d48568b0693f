package dev.sluice.runtime.lake;

import dev.sluice.model.Column;
import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Declared columns as Spark's types. */
public final class Schemas {
  private Schemas() {}

  /** The columns as a Spark schema; every column may be null, the suite says which must not. */
  public static StructType spark(List<Column> columns) {
    return new StructType(columns.stream().map(Schemas::field).toArray(StructField[]::new));
  }

  private static StructField field(Column column) {
    StructField field =
        new StructField(column.name(), DataType.fromDDL(column.type()), true, Metadata.empty());
    return column.comment().isEmpty() ? field : field.withComment(column.comment());
  }
}
