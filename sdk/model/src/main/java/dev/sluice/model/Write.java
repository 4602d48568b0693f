package dev.sluice.model;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How a run's rows land in their table or sink. */
public enum Write {
  /** Adds the rows. */
  APPEND,
  /** Replaces the partitions that the rows fall into, and no other. */
  REPLACE_PARTITIONS,
  /** Replaces everything. */
  REPLACE_TABLE;

  /** Adds the rows. */
  public static Write append() {
    return APPEND;
  }

  /** Replaces the partitions that the rows fall into, and no other. */
  public static Write replacePartitions() {
    return REPLACE_PARTITIONS;
  }

  /** Replaces everything. */
  public static Write replaceTable() {
    return REPLACE_TABLE;
  }

  /** The name used in the manifest and in messages. */
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
