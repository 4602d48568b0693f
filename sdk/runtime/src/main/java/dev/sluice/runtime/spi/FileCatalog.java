package dev.sluice.runtime.spi;

import dev.sluice.model.Table;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** What a catalog must offer for tables that are plain files in partition folders. */
public interface FileCatalog extends AutoCloseable {

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

  /**
   * What a run changes at its end.
   *
   * @param point the partitions that have new places
   * @param drops of the partitions that are there, those to forget
   * @param entry the entry with the run noted in it; empty where the run is noted there already
   */
  record Publication(
      List<Partition> point,
      UnaryOperator<List<Partition>> drops,
      Function<Entry, Optional<Entry>> entry) {}

  /**
   * Switches a table to a run's rows; answers false, and changes nothing, where an earlier one did.
   *
   * <p>A catalog without transactions does it step by step, the entry last: each step is atomic,
   * all of them are not, and of two runs with one key that do it at once the last one counts.
   */
  default boolean publish(Table table, Publication publication) {
    if (publication.entry().apply(find(table).orElseThrow()).isEmpty()) {
      return false;
    }
    point(table, publication.point());
    drop(table, publication.drops().apply(partitions(table)));
    FailPoint.BETWEEN_POINTERS.hit();
    Optional<Entry> noted = publication.entry().apply(find(table).orElseThrow());
    noted.ifPresent(entry -> put(table, entry));
    return noted.isPresent();
  }

  @Override
  void close();
}
