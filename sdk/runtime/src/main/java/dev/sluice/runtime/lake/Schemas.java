package dev.sluice.runtime.lake;

import dev.sluice.model.Column;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Declared columns as Spark's types, and how a declaration may differ from what is there. */
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

  /**
   * The declared columns that the catalog lacks.
   *
   * @param existing name to Spark SQL type, as the catalog has them
   * @throws SluiceException of kind CONTRACT where a column has another type there
   */
  public static List<Column> additions(Table table, Map<String, String> existing) {
    requireSameTypes(table, existing);
    return table.columns().stream().filter(c -> !existing.containsKey(c.name())).toList();
  }

  /** Refuses a declaration whose types differ from those that are there; as {@link #additions}. */
  public static void requireSameTypes(Table table, Map<String, String> existing) {
    for (Column column : table.columns()) {
      Optional<String> there = Optional.ofNullable(existing.get(column.name()));
      if (there.isPresent() && !there.get().equals(column.type())) {
        throw SluiceException.contract(
            "Cannot register table %s: column '%s' is %s in the catalog and %s in the declaration."
                + " Declare %s again, or write to a new table",
            table.name(), column.name(), there.get(), column.type(), there.get());
      }
    }
  }
}
