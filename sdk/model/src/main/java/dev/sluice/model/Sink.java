package dev.sluice.model;

import java.util.List;

/** Something outside the lake that a job writes. */
public sealed interface Sink {

  /**
   * A table of a relational database; {@code uri} is its JDBC address and may hold placeholders.
   */
  static Jdbc jdbc(String uri, String table) {
    return new Jdbc(uri, table, "", List.of(), List.of());
  }

  /** What the sink is called in the manifest, the receipt and messages. */
  String name();

  /** The address, with {@code ${setting}} placeholders. */
  String uri();

  /** The columns that tell its rows apart; empty where there is no key. */
  List<String> key();

  /** The word for this kind of sink. */
  String kind();

  /** Whether a sink of this kind has the capability. */
  boolean can(Capability capability);

  /**
   * A table of a relational database.
   *
   * @param uri the JDBC address; {@code ${name}} stands for the setting {@code name}
   * @param name the table's name, with or without its schema; made on the first run where it is
   *     missing
   * @param comment what the table holds; may be empty
   * @param partitions the columns whose values a replace-partitions run takes over
   * @param key the columns that tell rows apart
   */
  record Jdbc(String uri, String name, String comment, List<String> partitions, List<String> key)
      implements Sink {
    /** Copies the lists. */
    public Jdbc {
      partitions = List.copyOf(partitions);
      key = List.copyOf(key);
    }

    /** Says what the table holds. */
    public Jdbc describedAs(String text) {
      return new Jdbc(uri, name, text, partitions, key);
    }

    /** Names the columns whose values a replace-partitions run takes over. */
    public Jdbc partitionedBy(String... columns) {
      return new Jdbc(uri, name, comment, List.of(columns), key);
    }

    /** Names the columns that tell rows apart. */
    public Jdbc key(String... columns) {
      return new Jdbc(uri, name, comment, partitions, List.of(columns));
    }

    @Override
    public String kind() {
      return "jdbc";
    }

    @Override
    public boolean can(Capability capability) {
      return switch (capability) {
        case APPEND,
            REPLACE_PARTITIONS,
            REPLACE_TABLE,
            MERGE,
            ANY_COLUMN_NAME,
            ANY_PARTITION_TYPE,
            EVERY_INSTANT ->
            true;
        case SNAPSHOTS,
            SMALL_INTEGERS,
            MAPS_BY_ANY_KEY,
            CHANGE_COLUMNS,
            PARTITION_TRANSFORMS,
            COMPACTION,
            SORTED_COMPACTION,
            Z_ORDER,
            EXPIRY,
            ORPHAN_REMOVAL,
            RETENTION,
            STATISTICS,
            TIERING,
            ENCRYPTION ->
            false;
      };
    }
  }
}
