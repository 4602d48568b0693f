package dev.sluice.quality.history;

import dev.sluice.model.Column;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One figure of one run: one row of the table of metrics.
 *
 * @param origin the run that it is of
 * @param expectationId the expectation that it is of; empty for a figure of the whole run
 * @param type that expectation's type
 * @param column the columns that it looks at, joined by commas
 * @param name what is measured, such as {@code row_count} or {@code unexpected_percent}
 * @param value the figure; empty for one that is no number
 * @param text the figure in full, where a number of 64 bits would lose some of it
 * @param success whether the expectation holds; empty for a figure of the whole run
 */
public record Metric(
    Origin origin,
    Optional<String> expectationId,
    Optional<String> type,
    Optional<String> column,
    String name,
    Optional<Double> value,
    Optional<String> text,
    Optional<Boolean> success) {

  /**
   * The run that a figure is of.
   *
   * @param runKey names the work; a later run of the same key takes the place of an earlier one
   * @param runId names the attempt
   * @param time when the gate decided
   * @param table the table that the run writes
   * @param suite the suite's name
   * @param suiteFingerprint tells whether the suite has changed since
   */
  public record Origin(
      String runKey,
      String runId,
      Instant time,
      String table,
      String suite,
      String suiteFingerprint) {}

  /** The columns of the table of metrics, in the order of {@link #cells()}. */
  public static final List<Column> COLUMNS =
      List.of(
          new Column("run_key", "string", "the work that the run did"),
          new Column("run_id", "string", "the attempt"),
          new Column("run_time", "timestamp", "when the gate decided"),
          new Column("table_name", "string", "the table that the run writes"),
          new Column("suite", "string", "the suite's name"),
          new Column("suite_fingerprint", "string", "changes with the suite"),
          new Column("expectation_id", "string", "null for a figure of the whole run"),
          new Column("type", "string", "the expectation's type"),
          new Column("column_name", "string", "the expectation's columns, joined by commas"),
          new Column("metric", "string", "what is measured"),
          new Column("value", "double", "the figure, where it is a number"),
          new Column("text", "string", "the figure in full, where a double would lose some of it"),
          new Column("success", "boolean", "whether the expectation holds"));

  /** What rules call it: its name, after the expectation's id if it has one. */
  public String key() {
    return expectationId.map(id -> id + "." + name).orElse(name);
  }

  /** Its values for {@link #COLUMNS}, null where one is absent, as a table's row has them. */
  public List<Object> cells() {
    return Arrays.asList(
        origin.runKey(),
        origin.runId(),
        origin.time(),
        origin.table(),
        origin.suite(),
        origin.suiteFingerprint(),
        expectationId.orElse(null),
        type.orElse(null),
        column.orElse(null),
        name,
        value.orElse(null),
        text.orElse(null),
        success.orElse(null));
  }

  /** The figure that such values are of. */
  public static Metric ofCells(List<?> cells) {
    Origin origin =
        new Origin(
            (String) cells.get(0),
            (String) cells.get(1),
            (Instant) cells.get(2),
            (String) cells.get(3),
            (String) cells.get(4),
            (String) cells.get(5));
    return new Metric(
        origin,
        Optional.ofNullable((String) cells.get(6)),
        Optional.ofNullable((String) cells.get(7)),
        Optional.ofNullable((String) cells.get(8)),
        (String) cells.get(9),
        Optional.ofNullable((Double) cells.get(10)),
        Optional.ofNullable((String) cells.get(11)),
        Optional.ofNullable((Boolean) cells.get(12)));
  }
}
