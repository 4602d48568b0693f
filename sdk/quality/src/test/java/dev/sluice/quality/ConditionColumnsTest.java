package dev.sluice.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.sluice.model.Json;
import dev.sluice.quality.condition.Condition;
import dev.sluice.quality.condition.ConditionParser;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionColumnsTest {
  private static Dataset<Row> rows;

  @BeforeAll
  static void rows() throws Exception {
    rows =
        Frames.of(
            Json.mapper()
                .readTree(
                    "{\"n\": \"int\", \"s\": \"string\", \"d\": \"date\", \"a b\": \"boolean\"}"),
            Json.mapper()
                .readTree(
                    """
                    {"n": [1, 2, 3, null], "s": ["x", "y", null, "it's"],
                     "d": ["2013-01-01", "2013-02-01", "2013-03-01", null],
                     "a b": ["true", "false", null, "true"]}
                    """));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0007',
      textBlock =
          """
          great_expectations | col("n") == 2                             | 2
          great_expectations | col("n") != 2                             | 1 3
          great_expectations | NOT col("n") == 2                         | 1 3
          great_expectations | col("n") >= 2 AND col("s").notNull()      | 2
          great_expectations | col("n") < 2 OR col("n").isNull()         | 1 null
          great_expectations | col("n") IN (1, 3)                        | 1 3
          great_expectations | col("n") NOT IN (1, 3)                    | 2
          great_expectations | col("s") == "it's"                        | null
          great_expectations | col("d") > date("2013-01-15")             | 2 3
          great_expectations | col("a b") == true                        | 1 null
          pandas             | `a b` == False or s == "x"                | 1 2
          spark              | n % 2 = 1 and s is not null               | 1
          """)
  void keepsTheRows(String parser, String text, String wanted) {
    assertThat(
            rows
                .where(ConditionColumns.of(condition(parser, text), rows.schema()))
                .select("n")
                .collectAsList()
                .stream()
                .map(row -> String.valueOf(row.get(0))))
        .containsExactlyInAnyOrder(wanted.split(" "));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0007',
      textBlock =
          """
          great_expectations | col("m") == 2         | column 'm' does not exist. Did you mean 'n'? Known: n, s, d, a b
          great_expectations | col("n") == "two"     | value "two" does not compare with a column of type int
          great_expectations | col("d") > "tomorrow" | value "tomorrow" is not a date
          spark              | n ==                  | row_condition is not valid SQL:
          """)
  void saysWhatDoesNotFit(String parser, String text, String message) {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> ConditionColumns.of(condition(parser, text), rows.schema()))
        .withMessageStartingWith(message);
  }

  private static Condition condition(String parser, String text) {
    return ConditionParser.parse(TextNode.valueOf(text), parser);
  }
}
