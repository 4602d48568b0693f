package dev.sluice.runtime.spi;

import dev.sluice.model.Column;
import dev.sluice.model.Table;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * How rows, as they are declared, are cut to the columns of a table that stays as it is.
 *
 * @param columns declared column to its type there, in Spark's words; empty text where it is not
 *     there. Columns that are alike are left out
 */
public record Fit(Map<String, String> columns) {
  /** Rows land as they are declared. */
  public static final Fit EXACT = new Fit(Map.of());

  /** Copies the map. */
  public Fit {
    columns = Map.copyOf(columns);
  }

  /** The columns that a row has which lands. */
  public StructType landing(StructType declared) {
    return new StructType(
        Arrays.stream(declared.fields())
            .filter(field -> !columns.getOrDefault(field.name(), "-").isEmpty())
            .map(
                field ->
                    type(field.name())
                        .map(t -> new StructField(field.name(), t, true, field.metadata()))
                        .orElse(field))
            .toArray(StructField[]::new));
  }

  /** A table with the columns that a row has which lands. */
  public Table landing(Table declared) {
    return declared.withColumns(
        declared.columns().stream()
            .filter(column -> !columns.getOrDefault(column.name(), "-").isEmpty())
            .map(
                column ->
                    new Column(
                        column.name(),
                        columns.getOrDefault(column.name(), column.type()),
                        column.comment()))
            .toList());
  }

  private Optional<DataType> type(String column) {
    return Optional.ofNullable(columns.get(column)).map(DataType::fromDDL);
  }
}
