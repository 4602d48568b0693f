package dev.sluice.runtime.spi;

import dev.sluice.model.Table;
import dev.sluice.model.TableFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a catalog must offer for tables of plain files, and for those that have a log of their own.
 */
public interface FileCatalog extends AutoCloseable {
  /** The parameter of an entry that says what its files are, as {@link TableFormat#word()}. */
  String CLASSIFICATION = "classification";

  /**
   * A table as the catalog has it.
   *
   * @param columns name to type, partition columns last
   * @param location the table's root folder
   * @param parameters free key-value pairs
   */
  record Entry(Map<String, String> columns, String location, Map<String, String> parameters) {}

  /**
   * One partition as the catalog has it.
   *
   * @param values one for each partition column, in order
   * @param location the folder that holds its rows
   * @param rows how many
   */
  record Partition(List<String> values, String location, long rows) {}

  /** The table, if the catalog has it. */
  Optional<Entry> find(Table table);

  /** The names of its tables, for messages; empty where the catalog does not list them cheaply. */
  default List<String> names() {
    return List.of();
  }

  /** Makes the table, or replaces columns, comments and parameters of the one that is there. */
  void put(Table table, Entry entry);

  /** The table's partitions. */
  List<Partition> partitions(Table table);

  /** Points partitions to their locations; those that are missing are added. */
  void point(Table table, List<Partition> partitions);

  /** Forgets partitions. */
  void drop(Table table, List<Partition> partitions);

  @Override
  void close();
}
