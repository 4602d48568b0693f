package dev.sluice.model;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How a run's rows land in their table or sink.
 *
 * @param mode what they do to the rows that are there
 * @param order the column whose greater value is the later one, where rows have such an order
 * @param change the column of the job's rows that says what happened to a row; the table has none
 * @param end the column of the table that says until when a version was valid
 */
public record Write(
    Mode mode, Optional<String> order, Optional<String> change, Optional<String> end) {

  /** What rows do to those that are there. */
  public enum Mode {
    /** Are added. */
    APPEND,
    /** Replace the partitions that they fall into, and no other. */
    REPLACE_PARTITIONS,
    /** Replace everything. */
    REPLACE_TABLE,
    /** Replace those with their key, or are added. */
    UPSERT,
    /** Insert, update or delete the row with their key, as a column of theirs says. */
    APPLY_CHANGES,
    /** Become the newest version of their key; earlier versions stay and say until when. */
    HISTORY;

    /** Whether rows meet those with the same key. */
    public boolean merges() {
      return this == UPSERT || this == APPLY_CHANGES || this == HISTORY;
    }

    /** The name used in the manifest and in messages. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private static Write of(Mode mode) {
    return new Write(mode, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** Adds the rows. */
  public static Write append() {
    return of(Mode.APPEND);
  }

  /** Replaces the partitions that the rows fall into, and no other. */
  public static Write replacePartitions() {
    return of(Mode.REPLACE_PARTITIONS);
  }

  /** Replaces everything. */
  public static Write replaceTable() {
    return of(Mode.REPLACE_TABLE);
  }

  /** Replaces the rows with the same key, and adds those whose key is new. */
  public static Write upsert() {
    return of(Mode.UPSERT);
  }

  /**
   * Names the column of the table whose greatest value is the latest: of several rows with one key
   * that one counts, and a row older than the table's own changes nothing.
   */
  public Write latestBy(String column) {
    if (mode != Mode.UPSERT) {
      throw SluiceException.config(
          "Cannot declare %s with latestBy: only an upsert can be told so. Leave it out", word());
    }
    return new Write(mode, Optional.of(column), change, end);
  }

  /**
   * Applies a stream of changes.
   *
   * @param change the column of the job's rows, not of the table, that says what happened: insert,
   *     update or delete, or c, r, u and d
   * @param order the column of the table whose greatest value is the latest
   */
  public static Write applyChanges(String change, String order) {
    return new Write(Mode.APPLY_CHANGES, Optional.of(order), Optional.of(change), Optional.empty());
  }

  /**
   * Keeps every version of a row (slowly changing dimension, type 2).
   *
   * @param from the column of the table that says since when a version is valid; the job makes it
   * @param to the column of the table that says until when, null for the newest; Sluice makes it
   */
  public static Write history(String from, String to) {
    return new Write(Mode.HISTORY, Optional.of(from), Optional.empty(), Optional.of(to));
  }

  /** The mode's name. */
  @JsonValue
  public String word() {
    return mode.word();
  }

  /**
   * The table as the job's rows have it: with the column of changes, without the end of validity.
   */
  public Table rowsOf(Table table) {
    Table without = end.map(table::without).orElse(table);
    return change.map(name -> without.column(name, "string", "What happened")).orElse(without);
  }

  /** Refuses a table whose rows cannot land so. */
  void require(Table table) {
    requireKey("table " + table.name(), table.key());
    order.ifPresent(name -> requireColumn(table, name));
    end.ifPresent(name -> requireColumn(table, name));
    change
        .filter(table.columnNames()::contains)
        .ifPresent(
            name -> {
              String reason = "column '" + name + "' says what happened to a row, and is no value";
              throw refused("table " + table.name(), reason, "Remove it from the table");
            });
  }

  /** Refuses a sink whose rows cannot land so; its columns are those that the job makes. */
  void require(Sink sink) {
    requireKey("sink " + sink.name(), sink.key());
  }

  private void requireKey(String target, List<String> key) {
    if (mode.merges() && key.isEmpty()) {
      throw refused(
          target, "rows are told apart by their key, and it declares none", "Add .key(…)");
    }
    if (order.filter(key::contains).isPresent()) {
      String reason = "column '" + order.get() + "' tells versions of one key apart";
      throw refused(target, reason, "Remove it from the key");
    }
  }

  private void requireColumn(Table table, String name) {
    if (!table.columnNames().contains(name)) {
      String reason = "it has no column '" + name + "'";
      throw refused("table " + table.name(), reason, Nearest.hint(name, table.columnNames()));
    }
  }

  private SluiceException refused(String target, String reason, String next) {
    return SluiceException.config("Cannot write %s with %s: %s. %s", target, word(), reason, next);
  }
}
