package dev.sluice.quality;

import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * The rows that one expectation asks about: their schema, and the condition that narrows them.
 *
 * @param schema the columns of the rows
 * @param condition true for the rows that the expectation asks about; empty for all
 * @param tables further tables that an expectation may name
 */
public record Scope(StructType schema, Optional<Column> condition, OtherTables tables) {

  /**
   * The column with this name, for a question to each row.
   *
   * @throws IllegalArgumentException where there is none, naming the nearest
   */
  public Column column(String name) {
    return Columns.of(name, schema);
  }

  /** The type of the column with this name; same errors as {@link #column}. */
  public DataType typeOf(String name) {
    return Columns.typeOf(name, schema);
  }

  /** The column with this name, which must hold text. */
  public Column text(String name) {
    return Columns.text(name, schema);
  }

  /** The column with this name, which must hold numbers. */
  public Column number(String name) {
    return Columns.number(name, schema);
  }

  /** A value within the condition, for an aggregate over all rows; null outside of it. */
  public Column observed(Column value) {
    return condition.map(holds -> functions.when(holds, value)).orElse(value);
  }
}
