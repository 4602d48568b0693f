package dev.sluice.connect.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * When a row of the table is the same as one of the run.
 *
 * <p>A null is a value like any other. Databases join by plain equality much faster than by one
 * that knows null, so the latter is asked only of columns in which the run has one.
 */
record Matching(List<String> columns, Set<String> withNulls) {

  /** Looks for nulls in a table of the run. */
  static Matching of(Connection connection, String staged, List<String> columns)
      throws SQLException {
    String counts =
        columns.stream()
            .map(Relation::quoted)
            .map(name -> "MAX(CASE WHEN " + name + " IS NULL THEN 1 ELSE 0 END)")
            .collect(Collectors.joining(", "));
    Set<String> withNulls = new HashSet<>();
    try (Statement statement = connection.createStatement()) {
      ResultSet found = statement.executeQuery("SELECT " + counts + " FROM " + staged);
      found.next();
      for (int i = 0; i < columns.size(); i++) {
        if (found.getInt(i + 1) == 1) {
          withNulls.add(columns.get(i));
        }
      }
    }
    return new Matching(columns, withNulls);
  }

  /** The condition in SQL. */
  String sql(String left, String right) {
    return columns.stream()
        .map(
            name ->
                Relation.column(left, name)
                    + (withNulls.contains(name) ? " IS NOT DISTINCT FROM " : " = ")
                    + Relation.column(right, name))
        .collect(Collectors.joining(" AND "));
  }
}
