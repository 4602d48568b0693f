package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.Json;
import dev.sluice.model.Receipt;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A suite of every kind costs one write and a few small jobs, and the input is read once. */
@SluiceTest
class JobCountTest {
  private static final int ROWS = 500;

  /** A write, the aggregates, the distinct values, a key: Great Expectations takes eighty. */
  private static final int MOST = 5;

  private static final List<Map.Entry<String, String>> CHECKS =
      List.of(
          Map.entry(
              "expect_column_values_to_be_between", "{\"column\": \"amount\", \"min_value\": 0}"),
          Map.entry("expect_column_values_to_not_be_null", "{\"column\": \"id\"}"),
          Map.entry(
              "expect_column_values_to_match_regex", "{\"column\": \"region\", \"regex\": \"^r\"}"),
          Map.entry(
              "expect_column_mean_to_be_between", "{\"column\": \"amount\", \"min_value\": 0}"),
          Map.entry(
              "expect_column_median_to_be_between", "{\"column\": \"amount\", \"min_value\": 0}"),
          Map.entry(
              "expect_column_stdev_to_be_between", "{\"column\": \"amount\", \"min_value\": 0}"),
          Map.entry(
              "expect_column_quantile_values_to_be_between",
              "{\"column\": \"amount\", \"quantile_ranges\": {\"quantiles\": [0.1, 0.9],"
                  + " \"value_ranges\": [[0, null], [0, null]]}}"),
          Map.entry(
              "expect_column_distinct_values_to_be_in_set",
              "{\"column\": \"region\", \"value_set\": [\"r0\", \"r1\", \"r2\"]}"),
          Map.entry(
              "expect_column_unique_value_count_to_be_between",
              "{\"column\": \"amount\", \"min_value\": 1}"),
          Map.entry("expect_column_values_to_be_unique", "{\"column\": \"id\"}"),
          Map.entry("expect_table_row_count_to_equal", "{\"value\": " + ROWS + "}"));

  @BeforeAll
  static void suite() throws Exception {
    ObjectNode suite = Json.mapper().createObjectNode().put("name", "every_kind");
    for (Map.Entry<String, String> check : CHECKS) {
      ObjectNode one = suite.withArray("expectations").addObject().put("type", check.getKey());
      one.set("kwargs", Json.mapper().readTree(check.getValue()));
    }
    Given.suite("every_kind", suite);
  }

  /** What Spark did: the jobs it started, and the rows that tasks have read from files. */
  private static final class Seen extends SparkListener {
    private final List<String> jobs = new CopyOnWriteArrayList<>();
    private final List<String> described = new CopyOnWriteArrayList<>();
    private final List<Long> records = new CopyOnWriteArrayList<>();

    @Override
    public void onJobStart(SparkListenerJobStart start) {
      jobs.add(start.stageInfos().last().name());
      described.add(String.valueOf(start.properties().getProperty("spark.job.description")));
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      if (jobs.size() == 1) {
        records.add(end.taskMetrics().inputMetrics().recordsRead());
      }
    }
  }

  @Test
  void oneWriteAndAFewSmallJobs(JobHarness job) throws Exception {
    Given.orders(job, ROWS, i -> i + "," + i % 50 + ",r" + i % 3);
    Seen seen = new Seen();

    JobResult result = run(job, seen, body -> Sample.doing("every_kind", body));

    Receipt receipt = result.receipt();
    assertThat(receipt.error()).isEmpty();
    assertThat(receipt.rows().orElseThrow().quarantined()).isZero();
    assertThat(seen.jobs).hasSizeBetween(2, MOST);
    assertThat(seen.records.stream().mapToLong(Long::longValue).sum()).isEqualTo(ROWS);
  }

  /** More files than Spark lists without a job of its own. */
  @Test
  void whereNobodyAsksNoStagedFileIsListed(JobHarness job) throws Exception {
    Given.orders(job, ROWS, i -> i + "," + i % 50 + ",r" + i % 40);
    Seen seen = new Seen();

    JobResult result = run(job, seen, Sample::doing);

    assertThat(result.receipt().target().orElseThrow().files().orElseThrow()).isEqualTo(40);
    assertThat(seen.described).isNotEmpty().noneMatch(text -> text.contains("Listing leaf files"));
  }

  private static JobResult run(
      JobHarness job, Seen seen, Function<UnaryOperator<Dataset<Row>>, Sample> sample)
      throws Exception {
    AtomicReference<SparkContext> spark = new AtomicReference<>();
    JobResult result =
        job.run(
            sample.apply(
                rows -> {
                  // The body runs twice: over no rows when the job is planned, then over its input.
                  if (spark.getAndSet(rows.sparkSession().sparkContext()) == null) {
                    spark.get().addSparkListener(seen);
                  }
                  return rows;
                }));
    spark.get().listenerBus().waitUntilEmpty();
    spark.get().removeSparkListener(seen);
    return result;
  }
}
