package dev.sluice.model;

import java.util.List;

/** Something outside the lake that a job writes. */
public sealed interface Sink {

  /**
   * A table of a relational database; {@code uri} is its JDBC address and may hold placeholders.
   */
  static Jdbc jdbc(String uri, String table) {
    return new Jdbc(uri, table, List.of());
  }

  /** What the sink is called in the manifest, the receipt and messages. */
  String name();

  /** The address, with {@code ${setting}} placeholders. */
  String uri();

  /** The word for this kind of sink. */
  String kind();

  /**
   * A table of a relational database.
   *
   * @param uri the JDBC address; {@code ${name}} stands for the setting {@code name}
   * @param name the table's name; made on the first run where it is missing
   * @param partitions the columns whose values a replace-partitions run takes over
   */
  record Jdbc(String uri, String name, List<String> partitions) implements Sink {
    /** Copies the list. */
    public Jdbc {
      partitions = List.copyOf(partitions);
    }

    /** Names the columns whose values a replace-partitions run takes over. */
    public Jdbc partitionedBy(String... columns) {
      return new Jdbc(uri, name, List.of(columns));
    }

    @Override
    public String kind() {
      return "jdbc";
    }
  }
}
