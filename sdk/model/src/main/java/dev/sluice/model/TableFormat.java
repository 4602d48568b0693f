package dev.sluice.model;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How a table's rows lie on storage. */
public enum TableFormat {
  /** An Iceberg table; the default, and the only format whose publish is one atomic commit. */
  ICEBERG,
  /** Parquet files in Hive-style partition folders. */
  PARQUET;

  /** The name used in the manifest and in messages. */
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
