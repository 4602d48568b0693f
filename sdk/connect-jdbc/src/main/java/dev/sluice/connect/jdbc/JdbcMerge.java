package dev.sluice.connect.jdbc;

import dev.sluice.model.Json;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Write;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Staged rows that change a table by their key, within the connection's transaction.
 *
 * <p>What becomes of each key is worked out in a temporary table, one row a key, and then done by a
 * DELETE, an UPDATE and an INSERT, which leave alone what the job does not know: other columns, and
 * rows whose values stay. The rules are those of the lake's tables.
 */
final class JdbcMerge {
  private static final String MERGE = Relation.quoted("sluice_merge");
  private static final String VERSIONS = Relation.quoted("sluice_versions");
  private static final String DELETED = "sluice_deleted";
  private static final String DELETES = "'d', 'delete'";
  private static final String KNOWN = "d, delete, c, r, u, insert, update";

  private final Connection connection;
  private final Database database;
  private final JdbcTable table;
  private final List<String> key;
  private final Write write;
  private final String staged;

  JdbcMerge(
      Connection connection,
      Database database,
      JdbcTable table,
      List<String> key,
      Write write,
      Relation staged) {
    this.connection = connection;
    this.database = database;
    this.table = table;
    this.key = key;
    this.write = write;
    this.staged = staged.sql();
  }

  /**
   * Merges.
   *
   * @throws SluiceException of kind CONTRACT where it is not said which row counts
   */
  void run() throws SQLException {
    if (history()) {
      requireOne(staged, identity());
      versions();
    } else {
      latest();
    }
    if (database.isPostgres()) {
      execute("ANALYZE " + MERGE); // nobody else does it for a temporary table
    }
    apply();
  }

  private boolean history() {
    return write.mode() == Write.Mode.HISTORY;
  }

  /** What tells rows of the table apart: the key, and in a history the beginning as well. */
  private List<String> identity() {
    return history() ? Stream.concat(key.stream(), write.order().stream()).toList() : key;
  }

  /** The columns of the run's rows that the table has as well. */
  private List<String> values() {
    return table.columns().stream().filter(name -> !write.end().equals(Optional.of(name))).toList();
  }

  /** One row a key, and what becomes of it. */
  private void latest() throws SQLException {
    String deleted =
        write
            .change()
            .map(
                c ->
                    "CASE WHEN LOWER("
                        + Relation.quoted(c)
                        + ") IN ("
                        + DELETES
                        + ") THEN 1 ELSE 0 END")
            .orElse("0");
    String rows = write.order().map(this::ranked).orElse(staged + " AS s");
    execute(
        "CREATE TEMPORARY TABLE %s AS SELECT %s, %s AS %s FROM %s",
        MERGE, Relation.columns(values()), deleted, DELETED, rows);
    requireOne(MERGE, key);
    requireKnown();
  }

  private String ranked(String order) {
    String column = Relation.quoted(order);
    return String.format(
        "(SELECT s.*, RANK() OVER (PARTITION BY %s ORDER BY CASE WHEN %s IS NULL THEN 1 ELSE 0 END,"
            + " %s DESC) AS sluice_rank FROM %s AS s) AS r WHERE sluice_rank = 1",
        Relation.columns(key), column, column, staged);
  }

  private void requireOne(String rows, List<String> names) throws SQLException {
    String columns = Relation.columns(names);
    String sql =
        String.format(
            "SELECT %s FROM %s GROUP BY %s HAVING COUNT(*) > 1 LIMIT 1", columns, rows, columns);
    try (Statement statement = connection.createStatement()) {
      ResultSet twice = statement.executeQuery(sql);
      if (twice.next()) {
        String next =
            write.order().isEmpty()
                ? "Name the column that says which is the latest: .latestBy(…)"
                : "Order them by a column in which no two are alike";
        throw SluiceException.contract(
            "Cannot merge into %s: several rows have the key %s, and nothing says which one counts."
                + " %s, or let the suite check the key",
            table.sinkName(), told(twice, names), next);
      }
    }
  }

  private static String told(ResultSet row, List<String> names) throws SQLException {
    Map<String, Object> told = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      Object value = row.getObject(i + 1);
      if (value != null) {
        told.put(names.get(i), value instanceof Number ? value : value.toString());
      }
    }
    return Json.line(told);
  }

  private void requireKnown() throws SQLException {
    if (write.change().isEmpty()) {
      return;
    }
    String column = Relation.quoted(write.change().get());
    String sql =
        String.format(
            "SELECT %1$s FROM %2$s WHERE %1$s IS NULL OR LOWER(%1$s) NOT IN ('%3$s') LIMIT 1",
            column, staged, KNOWN.replace(", ", "', '"));
    try (Statement statement = connection.createStatement()) {
      ResultSet unknown = statement.executeQuery(sql);
      if (unknown.next()) {
        throw SluiceException.contract(
            "Cannot apply changes to %s: column '%s' holds '%s', which is none of %s. Map it in the"
                + " job, or let the suite check it",
            table.sinkName(), write.change().get(), unknown.getString(1), KNOWN);
      }
    }
  }

  /** The versions of those keys that have new ones: each with its end, or to be deleted. */
  private void versions() throws SQLException {
    Matching sameKey = Matching.of(connection, staged, key);
    Matching sameVersion = Matching.of(connection, staged, identity());
    String timeline =
        String.format(
            "SELECT %1$s FROM %3$s AS s UNION ALL SELECT %2$s FROM %4$s AS t WHERE EXISTS (SELECT 1"
                + " FROM %3$s AS s WHERE %5$s) AND NOT EXISTS (SELECT 1 FROM %3$s AS s WHERE %6$s)",
            Relation.columns("s", values()),
            Relation.columns("t", values()),
            staged,
            table.name().sql(),
            sameKey.sql("t", "s"),
            sameVersion.sql("t", "s"));
    String from = Relation.quoted(write.order().orElseThrow());
    String inTime = "ORDER BY CASE WHEN " + from + " IS NULL THEN 0 ELSE 1 END, " + from;
    execute(
        "CREATE TEMPORARY TABLE %s AS SELECT %s, CASE WHEN %s THEN 1 ELSE 0 END AS %s FROM (%s) AS u"
            + " WINDOW w AS (PARTITION BY %s %s)",
        VERSIONS,
        Relation.columns(values()),
        repeats(),
        DELETED,
        timeline,
        Relation.columns(key),
        inTime);
    execute(
        "CREATE TEMPORARY TABLE %s AS SELECT %s, %s, LEAD(%s) OVER (PARTITION BY %s, %s %s) AS %s"
            + " FROM %s",
        MERGE,
        Relation.columns(values()),
        DELETED,
        from,
        Relation.columns(key),
        DELETED,
        inTime,
        Relation.quoted(write.end().orElseThrow()),
        VERSIONS);
  }

  /** Whether a version says what the one before it says. */
  private String repeats() {
    List<String> identity = identity();
    return Stream.concat(
            Stream.of("ROW_NUMBER() OVER w > 1"),
            values().stream()
                .filter(column -> !identity.contains(column))
                .map(Relation::quoted)
                .map(column -> column + " IS NOT DISTINCT FROM LAG(" + column + ") OVER w"))
        .collect(Collectors.joining(" AND "));
  }

  private void apply() throws SQLException {
    String same = Matching.of(connection, MERGE, identity()).sql("t", "m");
    String target = table.name().sql();
    if (write.mode() != Write.Mode.UPSERT) {
      execute(
          "DELETE FROM %s AS t WHERE EXISTS (SELECT 1 FROM %s AS m WHERE m.%s = 1 AND %s%s)",
          target, MERGE, DELETED, same, newer());
    }
    List<String> set = new ArrayList<>(table.columns());
    set.removeAll(identity());
    if (!set.isEmpty()) {
      execute(
          "UPDATE %s AS t SET %s FROM %s AS m WHERE m.%s = 0 AND %s%s AND (%s)",
          target,
          set.stream()
              .map(name -> Relation.quoted(name) + " = " + Relation.column("m", name))
              .collect(Collectors.joining(", ")),
          MERGE,
          DELETED,
          same,
          newer(),
          set.stream()
              .map(
                  name ->
                      Relation.column("t", name)
                          + " IS DISTINCT FROM "
                          + Relation.column("m", name))
              .collect(Collectors.joining(" OR ")));
    }
    execute(
        "INSERT INTO %s (%s) SELECT %s FROM %s AS m WHERE m.%s = 0 AND NOT EXISTS (SELECT 1 FROM %s"
            + " AS t WHERE %s)",
        target,
        Relation.columns(table.columns()),
        Relation.columns("m", table.columns()),
        MERGE,
        DELETED,
        target,
        same);
  }

  /** A row that comes late does not replace a newer one; versions of a history are all kept. */
  private String newer() {
    return write
        .order()
        .filter(order -> !history())
        .map(
            order ->
                String.format(
                    " AND (%1$s IS NULL OR %2$s >= %1$s)",
                    Relation.column("t", order), Relation.column("m", order)))
        .orElse("");
  }

  @SuppressWarnings("AnnotateFormatMethod") // its annotation would be one more dependency
  private void execute(String sql, Object... parts) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(parts.length == 0 ? sql : String.format(sql, parts));
    }
  }
}
