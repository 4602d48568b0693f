package dev.sluice.runtime.lake;

import dev.sluice.model.Capability;
import dev.sluice.model.Column;
import dev.sluice.model.ColumnChange;
import dev.sluice.model.Partition;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.runtime.spi.Fit;
import dev.sluice.runtime.spi.TargetChange;
import dev.sluice.runtime.spi.TargetChange.Effect;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where a table's declaration and the columns that are there differ, and what is done about it.
 *
 * @param changes what is changed about the table
 * @param fits what is not, though rows come as declared: they are fitted to the columns there
 */
public record Drift(List<Change> changes, List<Change> fits) {

  /**
   * One difference.
   *
   * @param column the column's declared name; of one that is dropped, its name there
   * @param from its type there, of a rename its name, of an order all names; empty where it is new
   * @param to the same as declared; empty where it is dropped
   */
  public record Change(ColumnChange kind, String column, String from, String to) {
    /** The change for people, and what it means to readers. */
    TargetChange told() {
      String what =
          switch (kind) {
            case ADD -> "add column " + column + " " + to;
            case DROP -> "drop column " + column + " " + from;
            case RENAME -> "rename column " + from + " to " + column;
            case WIDEN, NARROW, NESTED ->
                kind.word() + " column " + column + " from " + from + " to " + to;
            case REORDER -> "reorder columns to " + to;
          };
      String line = what + " (" + kind.compatibility() + ")";
      return new TargetChange(kind.breaksReaders() ? Effect.BREAKS : Effect.KEEPS, line);
    }
  }

  /**
   * Compares a declaration with what is there, and asks the table's evolution.
   *
   * @param there name to Spark SQL type, in order, as the catalog has them
   * @throws SluiceException of kind CONTRACT where the evolution refuses a difference, of kind
   *     CONFIG where the format cannot be changed so
   */
  public static Drift of(Table table, Map<String, String> there) {
    List<Change> changes = new ArrayList<>();
    List<Change> fits = new ArrayList<>();
    for (Change change : differences(table, there)) {
      switch (table.evolves().policy(change.kind())) {
        case ALLOW -> changes.add(possible(table, change));
        case KEEP -> {
          if (change.kind() == ColumnChange.NARROW) {
            fits.add(change);
          }
        }
        case QUARANTINE_ROWS -> fits.add(told(table, change));
        case REFUSE -> throw refused(table, change);
      }
    }
    return new Drift(List.copyOf(changes), List.copyOf(fits));
  }

  /** The columns that are to be added, as they are declared. */
  public List<Column> added(Table table) {
    return table.columns().stream()
        .filter(c -> changes.stream().anyMatch(change -> adds(change, c.name())))
        .toList();
  }

  private static boolean adds(Change change, String column) {
    return change.kind() == ColumnChange.ADD && change.column().equals(column);
  }

  /** How rows are cut to the columns that stay. */
  public Fit fit() {
    return new Fit(fits.stream().collect(Collectors.toMap(Change::column, Change::from)));
  }

  /** The changes for people, and what they mean to readers. */
  public List<TargetChange> told() {
    return changes.stream().map(Change::told).toList();
  }

  private static List<Change> differences(Table table, Map<String, String> there) {
    List<Change> found = new ArrayList<>();
    Map<String, String> now = new LinkedHashMap<>();
    Map<String, String> renames = table.evolves().renames();
    there.forEach(
        (name, type) -> {
          String declared = renames.getOrDefault(name, name);
          if (!declared.equals(name)) {
            found.add(renamed(table, there, name, declared));
          }
          now.put(declared, type);
        });
    for (Column column : table.columns()) {
      Optional.ofNullable(now.get(column.name()))
          .ifPresentOrElse(
              type -> retyped(table, column, type).ifPresent(found::add),
              () -> found.add(new Change(ColumnChange.ADD, column.name(), "", column.type())));
    }
    Set<String> folders =
        table.partitioning().stream().map(Partition::name).collect(Collectors.toSet());
    now.forEach(
        (name, type) -> {
          boolean ours = name.startsWith("_sluice") || folders.contains(name);
          if (!table.columnNames().contains(name) && !ours) {
            found.add(new Change(ColumnChange.DROP, name, type, ""));
          }
        });
    reordered(table, now).ifPresent(found::add);
    return found;
  }

  private static Change renamed(Table table, Map<String, String> there, String from, String to) {
    if (there.containsKey(to)) {
      throw SluiceException.contract(
          "Cannot register table %s: column '%s' is to be renamed to '%s', and both are there."
              + " Remove the rename, or drop one of both",
          table.name(), from, to);
    }
    return new Change(ColumnChange.RENAME, to, from, to);
  }

  private static Optional<Change> retyped(Table table, Column column, String there) {
    if (there.equals(column.type())) {
      return Optional.empty();
    }
    TypeChange change = TypeChange.of(there, column.type());
    return switch (change) {
      case NONE -> Optional.empty();
      case OTHER -> throw retyped(table, column.name(), there, column.type(), "");
      case WIDER -> Optional.of(retyped(ColumnChange.WIDEN, column, there));
      case NARROWER -> Optional.of(retyped(ColumnChange.NARROW, column, there));
      case GROWN -> Optional.of(retyped(ColumnChange.NESTED, column, there));
    };
  }

  private static Change retyped(ColumnChange kind, Column column, String there) {
    return new Change(kind, column.name(), there, column.type());
  }

  /** The order of the columns that both have; where nothing is said, it stays. */
  private static Optional<Change> reordered(Table table, Map<String, String> now) {
    List<String> there = ordered(table, now.keySet(), table.columnNames());
    List<String> declared = ordered(table, table.columnNames(), now.keySet());
    return there.equals(declared)
        ? Optional.empty()
        : Optional.of(
            new Change(
                ColumnChange.REORDER, "", String.join(", ", there), String.join(", ", declared)));
  }

  /** Columns that name folders stand last in a catalog, wherever they are declared. */
  private static List<String> ordered(
      Table table, Collection<String> names, Collection<String> common) {
    boolean folders = !table.format().can(Capability.SNAPSHOTS);
    return names.stream()
        .filter(common::contains)
        .filter(name -> !folders || !table.partitions().contains(name))
        .toList();
  }

  private static Change possible(Table table, Change change) {
    if (change.kind() != ColumnChange.ADD) {
      String wanted = change.kind().word() + " of column '" + change.column() + "'";
      Capability.CHANGE_COLUMNS.orRefuse(table, wanted);
    }
    return change;
  }

  /** Which doubles are floats as well no range tells. */
  private static Change told(Table table, Change change) {
    if (change.from().equals("float")) {
      throw refused(table, change);
    }
    return change;
  }

  private static SluiceException refused(Table table, Change change) {
    String allow = ", say on .evolving(…) what is to be done on " + change.kind().word();
    String column = change.column();
    return switch (change.kind()) {
      case ADD ->
          SluiceException.contract(
              "Cannot register table %s: column '%s' is declared and not in the catalog, and its"
                  + " evolution refuses to add it. Remove it%s",
              table.name(), column, allow);
      case DROP ->
          SluiceException.contract(
              "Cannot register table %s: column '%s' is in the catalog and not declared, and its"
                  + " evolution refuses to leave it out. Declare it%s",
              table.name(), column, allow);
      case REORDER ->
          SluiceException.contract(
              "Cannot register table %s: its columns are %s in the catalog and %s in the declaration,"
                  + " and its evolution refuses another order. Declare them so again%s",
              table.name(), change.from(), change.to(), allow);
      case WIDEN, NARROW, NESTED, RENAME ->
          retyped(table, column, change.from(), change.to(), allow);
    };
  }

  private static SluiceException retyped(
      Table table, String column, String there, String declared, String allow) {
    return SluiceException.contract(
        "Cannot register table %s: column '%s' is %s in the catalog and %s in the declaration."
            + " Declare %s again%s, or write to a new table",
        table.name(), column, there, declared, there, allow);
  }
}
