package dev.sluice.runtime;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A job that makes a table out of tables and sources.
 *
 * @param <I> a record of {@code Dataset<Row>} components, named as the reads of the spec
 */
public abstract non-sealed class Transform<I extends Record> extends Job {

  /** Makes the rows of the table; plain Spark SQL. Also called with empty frames while planning. */
  protected abstract Dataset<Row> transform(I in, Run run);
}
