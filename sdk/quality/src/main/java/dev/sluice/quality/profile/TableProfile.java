package dev.sluice.quality.profile;

import java.util.List;

/**
 * What a table holds.
 *
 * @param name what the rows are called; also the name of a suite that is proposed for them
 * @param extent whether these are all rows
 * @param rows how many rows were looked at
 * @param columns one profile for each column, in the order of the table
 * @param keys the combinations of columns in which no two rows agree, counted exactly
 * @param uncounted columns that may be keys but were too many to be counted exactly
 */
public record TableProfile(
    String name,
    Extent extent,
    long rows,
    List<ColumnProfile> columns,
    List<List<String>> keys,
    List<String> uncounted) {

  /** How much of the table was looked at. */
  public enum Extent {
    /** Every row. */
    WHOLE,
    /** Some rows, so that their number says nothing. */
    SAMPLE
  }

  /** Copies the lists. */
  public TableProfile {
    columns = List.copyOf(columns);
    keys = List.copyOf(keys);
    uncounted = List.copyOf(uncounted);
  }

  /** The same profile under a name. */
  public TableProfile named(String other) {
    return new TableProfile(other, extent, rows, columns, keys, uncounted);
  }

  /** The same profile, of rows that are only some of the table's. */
  public TableProfile ofSample() {
    return new TableProfile(name, Extent.SAMPLE, rows, columns, keys, uncounted);
  }

  /** Whether no two rows agree in this column. */
  public boolean unique(String column) {
    return keys.contains(List.of(column));
  }
}
