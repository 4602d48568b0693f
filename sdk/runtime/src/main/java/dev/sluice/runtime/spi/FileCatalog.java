package dev.sluice.runtime.spi;

import dev.sluice.model.ExitCode;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.model.TableFormat;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * What a catalog must offer for tables of plain files, and for those that have a log of their own.
 */
public interface FileCatalog extends AutoCloseable {
  /** The parameter of an entry that says what its files are, as {@link TableFormat#word()}. */
  String CLASSIFICATION = "classification";

  /** How often a run is noted again where others change the table's entry meanwhile. */
  int ATTEMPTS = 5;

  /**
   * The parameter that tells one state of an entry from another, in catalogs that compare it: an
   * entry that is put back with it is refused where the catalog has a newer one.
   */
  String REVISION = "sluice.revision";

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

  /**
   * A table as a declaration would have it, whoever made it; empty where the catalog has none of
   * that name, or none but our own.
   *
   * @throws SluiceException of kind CONTRACT or CONFIG where no declaration can have it so
   */
  default Optional<Table> declaration(String name) {
    return Optional.empty();
  }

  /** The names of its tables, for messages; empty where the catalog does not list them cheaply. */
  default List<String> names() {
    return List.of();
  }

  /**
   * Makes the table, or replaces columns, comments and parameters of the one that is there.
   *
   * @throws SluiceException with exit code CONFLICT where the catalog compares revisions and the
   *     entry was read before another run changed it
   */
  void put(Table table, Entry entry);

  /**
   * How its comments of a table and of the columns differ from those declared, one line each; empty
   * where it keeps none, or does not have the table.
   */
  default List<String> words(Table table) {
    return List.of();
  }

  /**
   * Puts in order what the catalog keeps beside the entry of a table of any format, where a table
   * is registered by itself; idempotent.
   *
   * @param only whether to tell what would be done, and to change nothing
   * @return what was done, one line each
   */
  default List<String> tend(Table table, boolean only) {
    return List.of();
  }

  /** The table's partitions. */
  List<Partition> partitions(Table table);

  /** Points partitions to their locations; those that are missing are added. */
  void point(Table table, List<Partition> partitions);

  /** Forgets partitions. */
  void drop(Table table, List<Partition> partitions);

  /**
   * Whether a partition is switched only where it still is what it was: {@link
   * Publication#expected()} is compared in the same transaction.
   */
  default boolean comparesPartitions() {
    return false;
  }

  /**
   * What a run changes at its end.
   *
   * @param expected partitions that must be there, just as they are given
   * @param point the partitions that have new places
   * @param drops of the partitions that are there, those to forget
   * @param entry the entry with the run noted in it; empty where the run is noted there already
   */
  record Publication(
      List<Partition> expected,
      List<Partition> point,
      UnaryOperator<List<Partition>> drops,
      Function<Entry, Optional<Entry>> entry) {}

  /** What came of publishing. */
  enum Outcome {
    /** The table has the run's rows. */
    PUBLISHED,
    /** The run had published before: nothing was changed, the new files are nobody's. */
    EARLIER,
    /** An expected partition is another one by now: nothing was changed. */
    CHANGED,
    /**
     * A run with the same key published at the same time: partitions may point to files of both.
     */
    MEANWHILE
  }

  /**
   * Switches a table to a run's rows, unless the run did that earlier.
   *
   * <p>A catalog without transactions does it step by step, the entry last: each step is atomic,
   * all of them are not. Where another run changes the entry meanwhile it is noted again.
   */
  default Outcome publish(Table table, Publication publication) {
    if (publication.entry().apply(find(table).orElseThrow()).isEmpty()) {
      return Outcome.EARLIER;
    }
    if (!new HashSet<>(partitions(table)).containsAll(publication.expected())) {
      return Outcome.CHANGED;
    }
    point(table, publication.point());
    drop(table, publication.drops().apply(partitions(table)));
    FailPoint.BETWEEN_POINTERS.hit();
    for (int attempt = 1; ; attempt++) {
      Optional<Entry> noted = publication.entry().apply(find(table).orElseThrow());
      if (noted.isEmpty()) {
        return Outcome.MEANWHILE;
      }
      try {
        put(table, noted.get());
        return Outcome.PUBLISHED;
      } catch (SluiceException e) {
        if (e.exitCode() != ExitCode.CONFLICT || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  @Override
  void close();
}
