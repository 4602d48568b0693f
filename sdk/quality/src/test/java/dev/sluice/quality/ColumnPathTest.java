package dev.sluice.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What names in a suite lead to, whatever columns are called. */
class ColumnPathTest {
  private static final Dataset<Row> ROWS =
      LocalSpark.session()
          .sql(
              "SELECT 1 AS plain, 2 AS `with space`, 3 AS `a.b`, named_struct('b', 4, 'c.d', 5,"
                  + " 'Deep', named_struct('x', 6)) AS a, array(7, 8) AS list,"
                  + " array(named_struct('x', 9)) AS items, map('k', 10) AS keyed, 11 AS `tick``s`,"
                  + " 12 AS `brackets[0]`, 13 AS Cased, 14 AS `grüße`");

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "plain, 1",
    "with space, 2",
    "a.b, 3",
    "a.c.d, 5",
    "a.Deep.x, 6",
    "list[1], 8",
    "items[0].x, 9",
    "keyed.k, 10",
    "tick`s, 11",
    "brackets[0], 12",
    "cASED, 13",
    "grüße, 14",
  })
  void leadsTo(String name, int value) {
    assertThat(ROWS.select(Columns.of(name, ROWS.schema())).first().getInt(0)).isEqualTo(value);
    assertThat(Columns.typeOf(name, ROWS.schema()).simpleString()).isEqualTo("int");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"list[2]", "items[5].x", "keyed.other"})
  void whatIsNotThereIsNullAndBreaksNothing(String name) {
    assertThat(ROWS.select(Columns.of(name, ROWS.schema())).first().isNullAt(0)).isTrue();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"a.z", "plain.x", "list.x", "items[0].y", "list[x]", "a."})
  void pathsThatLeadNowhere(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Columns.of(name, ROWS.schema()))
        .withMessageStartingWith("column '" + name + "' does not exist. ");
  }

  @Test
  void namesTheNearest() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Columns.of("plane", ROWS.schema()))
        .withMessageStartingWith("column 'plane' does not exist. Did you mean 'plain'?");
  }

  @Test
  void refusesToGuessBetweenColumnsThatDifferInCase() {
    Dataset<Row> rows = LocalSpark.session().sql("SELECT 1 AS ab, 2 AS AB");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Columns.of("Ab", rows.schema()))
        .withMessage("column 'Ab' is ambiguous: ab, AB");
  }

  @Test
  void aNestedFieldCanBeAskedAbout() {
    String suite =
        """
        {"name": "nested", "expectations": [
          {"type": "expect_column_values_to_be_between",
           "kwargs": {"column": "items[0].x", "max_value": 8}},
          {"type": "expect_column_to_exist", "kwargs": {"column": "a.Deep.x"}},
          {"type": "expect_column_to_exist", "kwargs": {"column": "a.Deep.y"}},
          {"type": "expect_column_to_exist", "kwargs": {"column": "cased"}},
          {"type": "expect_column_max_to_be_between", "kwargs": {"column": "keyed.k"}}]}
        """;

    Evaluation evaluation = Evaluation.of(suite, ROWS);

    assertThat(evaluation.answers())
        .extracting(Verdict.Answer::success)
        .containsExactly(false, true, false, false, true);
    assertThat(evaluation.answers().get(0).result().get("partial_unexpected_list"))
        .hasToString("[9]");
  }
}
