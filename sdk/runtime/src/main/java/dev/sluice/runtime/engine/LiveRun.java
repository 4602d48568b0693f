package dev.sluice.runtime.engine;

import dev.sluice.model.Interval;
import dev.sluice.model.SluiceException;
import dev.sluice.runtime.Run;
import dev.sluice.runtime.join.JoinNotes;
import dev.sluice.runtime.route.RowLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** The run that a job is given; notes what it filters. */
final class LiveRun implements Run {
  private final Bound bound;
  private final SparkSession spark;
  private final JoinNotes joins;
  private final List<RowCounter> filters = new ArrayList<>();

  LiveRun(Bound bound, SparkSession spark, JoinNotes joins) {
    this.bound = bound;
    this.spark = spark;
    this.joins = joins;
  }

  @Override
  public Interval interval() {
    return bound
        .interval()
        .orElseThrow(
            () ->
                SluiceException.config(
                    "Cannot tell the interval of %s: its spec has none. Add .perInterval()",
                    bound.spec().name()));
  }

  @Override
  public <T extends Record> T settings(Class<T> type) {
    return type.cast(bound.settings().job());
  }

  @Override
  public Dataset<Row> filter(Dataset<Row> rows, Column condition) {
    RowCounter counter = RowCounter.register(spark, "filtered-" + filters.size());
    filters.add(counter);
    // An unreadable record has no values to be judged by: it stays, and goes to quarantine.
    boolean mayBeUnreadable = Arrays.asList(rows.columns()).contains(RowLayout.RAW);
    Column keep = functions.coalesce(condition, functions.lit(false));
    return rows.where(
        counter.dropped(
            mayBeUnreadable ? functions.col(RowLayout.RAW).isNotNull().or(keep) : keep));
  }

  @Override
  public Column within(Column time) {
    return within(time, interval());
  }

  static Column within(Column time, Interval interval) {
    return time.geq(functions.lit(interval.start())).and(time.lt(functions.lit(interval.end())));
  }

  /** What the job's joins have decided. */
  JoinNotes joins() {
    return joins;
  }

  /** How many rows the job has filtered. */
  long filtered() {
    return filters.stream().mapToLong(RowCounter::value).sum();
  }
}
