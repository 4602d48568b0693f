package dev.sluice.model;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * One column of a table.
 *
 * @param name the column's name, lower case by custom
 * @param type a Spark SQL type: {@code int}, {@code bigint}, {@code double}, {@code decimal(10,2)},
 *     {@code string}, {@code boolean}, {@code date}, {@code timestamp} …
 * @param comment what a reader of the catalog should know, units included; may be empty
 */
public record Column(String name, String type, String comment) {
  private static final Pattern TYPE =
      Pattern.compile(
          "boolean|tinyint|smallint|int|bigint|float|double|string|binary|date|timestamp"
              + "|timestamp_ntz|decimal\\(\\d+,\\d+\\)|(array|map|struct)<.+>");

  /** Checks the type's form. */
  public Column {
    type = type.toLowerCase(Locale.ROOT).replace(", ", ",");
    if (name.isBlank() || name.startsWith("_sluice")) {
      throw SluiceException.config(
          "Cannot declare column '%s': names are not blank and do not begin with _sluice. Rename it",
          name);
    }
    if (!TYPE.matcher(type).matches()) {
      throw SluiceException.config(
          "Cannot declare column '%s': '%s' is not a column type. Use one of boolean, int, bigint,"
              + " double, decimal(p,s), string, date, timestamp, array<…>, map<…>, struct<…>",
          name, type);
    }
  }
}
