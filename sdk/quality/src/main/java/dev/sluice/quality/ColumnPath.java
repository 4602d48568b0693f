package dev.sluice.quality;

import dev.sluice.model.Nearest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * What a name in a suite leads to.
 *
 * <p>A whole column comes first, by its exact name, so that dots and spaces in names need no
 * quotes; then one that differs in upper and lower case alone; then a path into nested values.
 */
record ColumnPath(Column column, DataType type) {
  private static final Pattern ELEMENT = Pattern.compile("\\[(\\d{1,9})](.*)", Pattern.DOTALL);

  /**
   * Finds it.
   *
   * @throws IllegalArgumentException where there is none, naming the nearest
   */
  static ColumnPath find(String name, StructType schema) {
    List<String> known = Arrays.asList(schema.fieldNames());
    if (known.contains(name)) {
      return whole(schema.apply(name));
    }
    List<StructField> alike =
        Arrays.stream(schema.fields()).filter(f -> f.name().equalsIgnoreCase(name)).toList();
    if (alike.size() > 1) {
      throw new IllegalArgumentException(
          "column '" + name + "' is ambiguous: " + String.join(", ", names(alike)));
    }
    if (alike.size() == 1) {
      return whole(alike.get(0));
    }
    for (StructField field : longestFirst(schema)) {
      Optional<ColumnPath> inside =
          name.startsWith(field.name())
              ? whole(field).follow(name.substring(field.name().length()))
              : Optional.empty();
      if (inside.isPresent()) {
        return inside.get();
      }
    }
    throw new IllegalArgumentException(
        "column '" + name + "' does not exist. " + Nearest.hint(name, known));
  }

  private static ColumnPath whole(StructField field) {
    return new ColumnPath(
        functions.col("`" + field.name().replace("`", "``") + "`"), field.dataType());
  }

  private static List<String> names(List<StructField> fields) {
    return fields.stream().map(StructField::name).toList();
  }

  private static List<StructField> longestFirst(StructType type) {
    List<StructField> fields = new ArrayList<>(Arrays.asList(type.fields()));
    fields.sort(Comparator.comparingInt((StructField field) -> field.name().length()).reversed());
    return fields;
  }

  /** What the rest of a path leads to from here: {@code .field}, {@code [0]}, or nothing more. */
  private Optional<ColumnPath> follow(String rest) {
    if (rest.isEmpty()) {
      return Optional.of(this);
    }
    Matcher element = ELEMENT.matcher(rest);
    if (element.matches() && type instanceof ArrayType array) {
      // Unlike an index in brackets, this is null where the array is shorter.
      Column at = functions.get(column, functions.lit(Integer.parseInt(element.group(1))));
      return new ColumnPath(at, array.elementType()).follow(element.group(2));
    }
    if (!rest.startsWith(".")) {
      return Optional.empty();
    }
    String path = rest.substring(1);
    if (type instanceof StructType struct) {
      return longestFirst(struct).stream()
          .filter(field -> path.startsWith(field.name()))
          .map(field -> field(field).follow(path.substring(field.name().length())))
          .flatMap(Optional::stream)
          .findFirst();
    }
    return type instanceof MapType map && map.keyType() instanceof StringType && !path.isEmpty()
        ? Optional.of(new ColumnPath(column.getItem(path), map.valueType()))
        : Optional.empty();
  }

  private ColumnPath field(StructField field) {
    return new ColumnPath(column.getField(field.name()), field.dataType());
  }
}
