package dev.sluice.model;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How a table's rows lie on storage. */
public enum TableFormat {
  /** An Iceberg table; the default. */
  ICEBERG,
  /** A Delta table: Parquet files and a log of its own; of the module {@code connect-delta}. */
  DELTA,
  /** Parquet files in Hive-style partition folders. */
  PARQUET,
  /** ORC files in Hive-style partition folders. */
  ORC,
  /** Avro files in Hive-style partition folders. */
  AVRO;

  /** Whether tables of this format have the capability. */
  public boolean can(Capability capability) {
    return switch (capability) {
      case REPLACE_PARTITIONS, REPLACE_TABLE -> true;
      case COMPACTION, ORPHAN_REMOVAL, RETENTION, TIERING -> true;
      case APPEND, MERGE, SNAPSHOTS, Z_ORDER -> this == ICEBERG || this == DELTA;
      case ANY_PARTITION_TYPE, CHANGE_COLUMNS, EXPIRY, STATISTICS -> this == ICEBERG;
      case PARTITION_TRANSFORMS, SORTED_COMPACTION -> this != DELTA;
      case SMALL_INTEGERS -> this != ICEBERG && this != AVRO;
      case MAPS_BY_ANY_KEY -> this != AVRO;
      case ANY_COLUMN_NAME -> this != AVRO && this != DELTA;
      case EVERY_INSTANT -> this != ORC;
      case ENCRYPTION -> this == PARQUET;
    };
  }

  /** The format with this name, as {@link #word()} says it. */
  public static Optional<TableFormat> of(String word) {
    return Arrays.stream(values()).filter(format -> format.word().equals(word)).findFirst();
  }

  /** The name used in the manifest and in messages. */
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
