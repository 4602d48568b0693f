package dev.sluice.runtime;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A job that takes rows from a table into a sink. */
public abstract non-sealed class Load extends Job {

  /** Turns rows of the table into rows of the sink; by default they are the same. */
  protected Dataset<Row> load(Dataset<Row> rows, Run run) {
    return rows;
  }
}
