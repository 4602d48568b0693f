package dev.sluice.model;

import static dev.sluice.model.ColumnChange.ADD;
import static dev.sluice.model.ColumnChange.DROP;
import static dev.sluice.model.ColumnChange.NARROW;
import static dev.sluice.model.ColumnChange.NESTED;
import static dev.sluice.model.ColumnChange.RENAME;
import static dev.sluice.model.ColumnChange.REORDER;
import static dev.sluice.model.ColumnChange.WIDEN;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What happens where the columns of a table's declaration differ from those that are there.
 *
 * <p>Immutable: every method answers a new value. A change of a column's type that is neither wider
 * nor narrower is always refused. Whether a value may be missing is the suite's affair: every
 * column of a table may hold null.
 *
 * @param policies what happens, by kind of change
 * @param renames the columns that have new names: old name to new
 */
public record Evolution(Map<ColumnChange, Policy> policies, Map<String, String> renames) {

  /** What happens on one kind of change. */
  public enum Policy {
    /** The table is changed. */
    ALLOW,
    /** The table stays as it is, and takes all rows: nothing of theirs is lost. */
    KEEP,
    /** The table stays as it is; rows that it cannot hold go to quarantine. */
    QUARANTINE_ROWS,
    /** The run ends before it reads a row. */
    REFUSE;

    /** The name used in the manifest and in messages. */
    @JsonValue
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private static final Map<ColumnChange, Set<Policy>> POSSIBLE =
      Map.of(
          ADD, Set.of(Policy.ALLOW, Policy.QUARANTINE_ROWS, Policy.REFUSE),
          DROP, Set.of(Policy.ALLOW, Policy.KEEP, Policy.REFUSE),
          WIDEN, Set.of(Policy.ALLOW, Policy.QUARANTINE_ROWS, Policy.REFUSE),
          NARROW, Set.of(Policy.KEEP, Policy.REFUSE),
          NESTED, Set.of(Policy.ALLOW, Policy.REFUSE),
          REORDER, Set.of(Policy.ALLOW, Policy.KEEP, Policy.REFUSE));

  /** Copies the maps. */
  public Evolution {
    policies = Map.copyOf(policies);
    renames = Map.copyOf(renames);
  }

  private static Evolution of(Policy add, Policy nested, Policy widen, Policy drop, Policy order) {
    Map<ColumnChange, Policy> policies = new EnumMap<>(ColumnChange.class);
    policies.put(ADD, add);
    policies.put(NESTED, nested);
    policies.put(WIDEN, widen);
    policies.put(DROP, drop);
    policies.put(REORDER, order);
    policies.put(NARROW, Policy.REFUSE);
    return new Evolution(policies, Map.of());
  }

  /** Refuses every difference. */
  public static Evolution forbid() {
    return of(Policy.REFUSE, Policy.REFUSE, Policy.REFUSE, Policy.REFUSE, Policy.REFUSE);
  }

  /**
   * Adds columns; the default. Those that the declaration lacks stay, and are null in new rows; the
   * order stays.
   */
  public static Evolution additive() {
    return of(Policy.ALLOW, Policy.REFUSE, Policy.REFUSE, Policy.KEEP, Policy.KEEP);
  }

  /** Adds columns and fields inside them, and widens types. */
  public static Evolution widening() {
    return of(Policy.ALLOW, Policy.ALLOW, Policy.ALLOW, Policy.KEEP, Policy.KEEP);
  }

  /** Makes the table what the declaration says; a column that it lacks is dropped. */
  public static Evolution replacing() {
    return of(Policy.ALLOW, Policy.ALLOW, Policy.ALLOW, Policy.ALLOW, Policy.ALLOW);
  }

  /**
   * Says what happens on one kind of change.
   *
   * @throws SluiceException of kind CONFIG where that cannot be done on this kind
   */
  public Evolution on(ColumnChange change, Policy policy) {
    if (change == RENAME) {
      throw SluiceException.config(
          "Cannot declare %s on rename: a rename is known only where it is declared. Use"
              + " .rename(old, new)",
          policy.word());
    }
    if (!POSSIBLE.get(change).contains(policy)) {
      List<String> possible = POSSIBLE.get(change).stream().map(Policy::word).sorted().toList();
      throw SluiceException.config(
          "Cannot declare %s on %s: %s. Use one of %s",
          policy.word(), change.word(), reason(change, policy), String.join(", ", possible));
    }
    Map<ColumnChange, Policy> more = new EnumMap<>(policies);
    more.put(change, policy);
    return new Evolution(more, renames);
  }

  private static String reason(ColumnChange change, Policy policy) {
    if (policy == Policy.KEEP) {
      return "values of the rows would be lost";
    }
    return change == NARROW && policy == Policy.ALLOW
        ? "values of the table would be lost"
        : "every row fits the table as it is, or none does";
  }

  /** Gives a column a new name, with all the values that it holds. */
  public Evolution rename(String from, String to) {
    Map<String, String> more = new LinkedHashMap<>(renames);
    more.put(from, to);
    return new Evolution(policies, more);
  }

  /** What happens on one kind of change. */
  public Policy policy(ColumnChange change) {
    return change == RENAME ? Policy.ALLOW : policies.get(change);
  }

  /** How the rows beside a table evolve which it has rejected: they hold whatever comes. */
  public Evolution ofRejected() {
    return new Evolution(
        replacing()
            .on(DROP, Policy.KEEP)
            .on(REORDER, Policy.KEEP)
            .on(NARROW, Policy.KEEP)
            .policies(),
        renames);
  }
}
