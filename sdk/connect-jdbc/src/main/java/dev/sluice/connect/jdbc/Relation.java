package dev.sluice.connect.jdbc;

import dev.sluice.model.SluiceException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A table of a database by its name.
 *
 * @param schema the schema; empty for the one that the connection works in
 * @param name the table's own name
 */
record Relation(String schema, String name) implements Serializable {

  /** Reads {@code table} or {@code schema.table}. */
  static Relation parse(String text) {
    List<String> parts = Arrays.asList(text.split("\\.", -1));
    if (parts.size() > 2 || parts.contains("")) {
      throw SluiceException.config(
          "Cannot load '%s': it is neither a table's name nor SCHEMA.TABLE. Rename the sink", text);
    }
    return parts.size() == 1
        ? new Relation("", parts.get(0))
        : new Relation(parts.get(0), parts.get(1));
  }

  /** The schema, where one is named. */
  Optional<String> named() {
    return Optional.of(schema).filter(text -> !text.isEmpty());
  }

  /** Another table in the same schema. */
  Relation beside(String other) {
    return new Relation(schema, other);
  }

  /** The name in SQL. */
  String sql() {
    return named().map(text -> quoted(text) + ".").orElse("") + quoted(name);
  }

  /** An identifier in SQL. */
  static String quoted(String identifier) {
    return "\"" + identifier.replace("\"", "\"\"") + "\"";
  }

  /** A column in SQL. */
  static String column(String alias, String column) {
    return alias + "." + quoted(column);
  }

  /** Columns in SQL, separated by commas. */
  static String columns(List<String> names) {
    return names.stream().map(Relation::quoted).collect(Collectors.joining(", "));
  }

  /** The same, of one table among several. */
  static String columns(String alias, List<String> names) {
    return names.stream().map(name -> column(alias, name)).collect(Collectors.joining(", "));
  }
}
