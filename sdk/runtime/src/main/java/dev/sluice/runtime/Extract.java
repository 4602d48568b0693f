package dev.sluice.runtime;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A job that takes rows from a source into a table. */
public abstract non-sealed class Extract extends Job {

  /**
   * Turns rows of the source into rows of the table; by default they are the same.
   *
   * @param rows what the source holds, with the columns of the table unless the source names its
   *     own
   */
  protected Dataset<Row> extract(Dataset<Row> rows, Run run) {
    return rows;
  }
}
