package dev.sluice.runtime;

import dev.sluice.model.Interval;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** One attempt at a job's work, as the job sees it. */
public interface Run {

  /**
   * The interval that the run stands for.
   *
   * @throws dev.sluice.model.SluiceException where the spec does not say {@code perInterval()}
   */
  Interval interval();

  /** The job's settings, of the record that its spec names. */
  <T extends Record> T settings(Class<T> type);

  /**
   * Keeps the rows for which the condition is true, and counts the others as filtered.
   *
   * <p>A plain {@code where} in a job that keeps the grain of its first read would lose rows that
   * nobody accounts for, and the run would be refused.
   */
  Dataset<Row> filter(Dataset<Row> rows, Column condition);

  /** True for rows whose date or time falls into the interval; dates count from midnight UTC. */
  Column within(Column time);
}
