package dev.sluice.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run's datasets are, and from which columns each column of its output is made.
 *
 * @param catalog the catalog that its tables are in
 * @param inputs what was read, by the names of the receipt's inputs
 * @param output what was written
 * @param columns for each column of the output what it is made of; absent where it is not known
 * @param rows the columns that decide which rows there are, and in which order
 * @param notes what is not said here, and why
 */
public record Lineage(
    Catalog catalog,
    List<Dataset> inputs,
    Dataset output,
    Optional<Map<String, List<Origin>>> columns,
    Optional<List<Origin>> rows,
    Optional<List<String>> notes) {

  /**
   * The catalog that the tables of a lake are in.
   *
   * @param type the word in {@code lake.catalog}
   * @param address where it is, without secrets
   * @param warehouse the root folder of all tables
   * @param region the AWS region, of catalog glue
   * @param account the AWS account, of catalog glue, where it is known
   */
  public record Catalog(
      String type,
      String address,
      String warehouse,
      Optional<String> region,
      Optional<String> account) {}

  /**
   * Something that was read or written.
   *
   * @param name of an input: the name that the job reads it by
   * @param table the table's name, where it is a table of the lake
   * @param format of its files, or the kind of a sink
   */
  public record Dataset(String name, Optional<String> table, String format, List<Field> columns) {}

  /** A column. */
  public record Field(String name, String type, Optional<String> comment) {}

  /** A column of an input, and how something is made of it. */
  public record Origin(String input, String column, List<How> how) {}

  /** How something is made of a column; the words are OpenLineage's. */
  public enum How {
    /** It is the column. */
    IDENTITY,
    /** It is computed from the column's value in the same row. */
    TRANSFORMATION,
    /** It is computed from the column's values in several rows. */
    AGGREGATION,
    /** The column decides which of several values it is. */
    CONDITIONAL,
    /** The column decides over which rows it is computed. */
    WINDOW,
    /** The column decides whether there is a row. */
    FILTER,
    /** The column decides which rows meet. */
    JOIN,
    /** The column decides which rows become one. */
    GROUP_BY,
    /** The column decides the order of the rows. */
    SORT;

    /** Whether the column's value goes in, and not only decides something. */
    public boolean direct() {
      return this == IDENTITY || this == TRANSFORMATION || this == AGGREGATION;
    }

    /** The whole of two steps, of which this one is the first. */
    public How then(How next) {
      if (!direct()) {
        return this;
      }
      return next.direct() && next.compareTo(this) < 0 ? this : next;
    }
  }
}
