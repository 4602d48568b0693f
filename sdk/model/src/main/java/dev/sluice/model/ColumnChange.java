package dev.sluice.model;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How the columns that a table declares may differ from those that are there. */
public enum ColumnChange {
  /** The declaration has a column that is not there. */
  ADD("readers go on"),
  /** A column is there that the declaration lacks. */
  DROP("breaks readers of the column"),
  /** A column has another name, as {@link Evolution#rename} says. */
  RENAME("breaks readers of the column"),
  /** The declared type holds all values of the one that is there, and more. */
  WIDEN("readers go on who take the wider type"),
  /** The type that is there holds all values of the declared one, and more. */
  NARROW("readers go on"),
  /** Fields inside a column are new or wider. */
  NESTED("readers go on who take new fields"),
  /** The columns stand in another order. */
  REORDER("readers go on who ask by name");

  private final String verdict;

  ColumnChange(String verdict) {
    this.verdict = verdict;
  }

  /** What such a change means to those who read the table as it was published so far. */
  public String compatibility() {
    return verdict;
  }

  /** Whether readers of the table as it was published so far lose something. */
  public boolean breaksReaders() {
    return this == DROP || this == RENAME;
  }

  /** The name used in the manifest and in messages. */
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
