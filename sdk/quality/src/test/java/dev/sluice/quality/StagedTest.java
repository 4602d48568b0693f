package dev.sluice.quality;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.raise_error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.quality.Verdict.Answer;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.util.LongAccumulator;
import org.junit.jupiter.api.Test;

/** What was staged is read back only where the bits of the rows do not answer. */
class StagedTest {
  private static final String ROW_CHECKS =
      """
      {"name": "s", "expectations": [
        {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "v"}},
        {"type": "expect_column_values_to_be_between", "kwargs": {"column": "v", "min_value": 0}},
        {"type": "expect_column_to_exist", "kwargs": {"column": "v"}}]}
      """;

  @Test
  void rowChecksThatHoldReadNothing() {
    Dataset<Row> unreadable =
        LocalSpark.session().range(3).select(raise_error(lit("read back")).cast("bigint").as("v"));
    SuitePlan plan = plan(ROW_CHECKS, unreadable);
    Tally tally = new Tally(plan.words());
    tally.add(new long[] {0}, false, false);

    assertThat(Staged.answer(plan, tally, unreadable)).allMatch(Answer::success);
  }

  @Test
  void aRowCheckThatFailsReadsItsSamples() {
    Dataset<Row> unreadable =
        LocalSpark.session().range(3).select(raise_error(lit("read back")).cast("bigint").as("v"));
    SuitePlan plan = plan(ROW_CHECKS, unreadable);
    Tally tally = new Tally(plan.words());
    tally.add(new long[] {1L << plan.planned().get(0).failed()}, false, true);

    assertThatThrownBy(() -> Staged.answer(plan, tally, unreadable))
        .hasMessageContaining("read back");
  }

  @Test
  void allAggregatesTogetherReadTheRowsOnceAndAllDistinctValuesOnce() {
    LongAccumulator reads = LocalSpark.session().sparkContext().longAccumulator();
    Dataset<Row> counted =
        LocalSpark.session()
            .range(0, 100, 1, 2)
            .select(
                functions
                    .udf(
                        (UDF1<Long, Long>)
                            value -> {
                              reads.add(1);
                              return value;
                            },
                        DataTypes.LongType)
                    .asNondeterministic()
                    .apply(col("id"))
                    .as("v"));
    SuitePlan plan =
        plan(
            """
            {"name": "s", "expectations": [
              {"type": "expect_column_mean_to_be_between", "kwargs": {"column": "v", "min_value": 49.5, "max_value": 49.5}},
              {"type": "expect_column_max_to_be_between", "kwargs": {"column": "v", "max_value": 98}},
              {"type": "expect_column_max_to_be_between", "kwargs": {"column": "v", "max_value": 99}},
              {"type": "expect_table_row_count_to_be_between", "kwargs": {"min_value": 100}},
              {"type": "expect_column_unique_value_count_to_be_between", "kwargs": {"column": "v", "min_value": 100}}]}
            """,
            counted);

    List<Answer> answers = Staged.answer(plan, new Tally(0), counted);

    assertThat(answers).extracting(Answer::success).containsExactly(true, false, true, true, true);
    assertThat(reads.value())
        .as("once for the aggregates, once for the distinct values")
        .isEqualTo(200);
  }

  private static SuitePlan plan(String suite, Dataset<Row> rows) {
    return SuitePlan.compile(
        SuiteParser.parse(suite, "test.json"), rows.schema(), OtherTables.NONE);
  }
}
