package dev.sluice.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.sluice.model.Json;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParameterExpressionTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-03-01T12:00:00.123456789Z"), ZoneOffset.UTC);

  private static final Map<String, JsonNode> VALUES =
      Map.of(
          "my_min", IntNode.valueOf(10),
          "rate", DoubleNode.valueOf(0.5),
          "day", TextNode.valueOf("2026-02-28"),
          "word", TextNode.valueOf("north"),
          "a-b", IntNode.valueOf(7),
          "set", Json.mapper().createArrayNode().add(1).add(2));

  @ParameterizedTest(name = "{0} = {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0007',
      textBlock =
          """
          my_min                              | 10
          my_min * 2                          | 20
          2 * (my_min - 3) + 1                | 15
          -my_min + 3                         | -7
          my_min - 3 - 2                      | 5
          my_min / 4                          | 2.5
          my_min / 5                          | 2
          1 / 3                               | 0.3333333333333333
          my_min * rate                       | 5
          0.1 + 0.2                           | 0.3
          1e3                                 | 1000
          12345678901234567890 * 10           | 123456789012345678900
          a-b                                 | 7
          set                                 | [1,2]
          word                                | "north"
          round(2.5) + abs(-3) + trunc(1.9)   | 6
          now()                               | "2026-03-01T12:00:00.123456"
          now() - timedelta(weeks=52*100)     | "1926-07-04T12:00:00.123456"
          datetime(2003, 1, 1)                | "2003-01-01T00:00:00"
          datetime(2003, 1, 1, hour=5, minute=30) | "2003-01-01T05:30:00"
          day + timedelta(1, hours=2)         | "2026-03-01T02:00:00"
          day - 2 * 3 * timedelta(days=1)     | -
          day - timedelta(days=1) * 6         | "2026-02-22T00:00:00"
          timedelta(days=0.5) + day           | "2026-02-28T12:00:00"
          """)
  void calculates(String expression, String wanted) throws Exception {
    if (wanted.equals("-")) {
      assertRefused(expression, "a timedelta cannot stand here");
      return;
    }
    assertThat(ParameterExpression.value(expression, VALUES, CLOCK))
        .isEqualTo(Json.mapper().readTree(wanted));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0007',
      textBlock =
          """
          my_mim * 2            | unknown parameter 'my_mim'. Did you mean 'my_min'?
          zzzzzz                | unknown parameter 'zzzzzz'. Known: a-b, day, my_min, rate, set, word
          my_min *              | parameter expression 'my_min *' is not understood at character 9: the end
          my_min 2              | parameter expression 'my_min 2' is not understood at character 8: '2'
          (my_min               | parameter expression '(my_min' is not understood at character 8: the end
          my_min ** 2           | parameter expression 'my_min ** 2' is not understood at character 9: '*'
          my_min / 0            | parameter expression 'my_min / 0' has no value: Division by zero
          word + 1              | parameter 'word' is the text "north", which cannot be calculated with
          set + 1               | parameter 'set' is [1,2], which cannot be calculated with
          day * 2               | a datetime cannot stand here
          timedelta(days=1)     | a timedelta cannot stand here
          sqrt(4)               | unknown function 'sqrt'. Known: abs, datetime, now, round, timedelta, trunc
          datetime(2003)        | datetime needs a year, a month and a day
          datetime(2003, 2, 30) | parameter expression 'datetime(2003, 2, 30)' has no value: Invalid date 'FEBRUARY 30'
          timedelta(years=1)    | timedelta takes days, seconds, microseconds, milliseconds, minutes, hours, weeks, and nothing else
          abs()                 | abs takes one number
          """)
  void saysWhy(String expression, String message) {
    assertRefused(expression, message);
  }

  private static void assertRefused(String expression, String message) {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> ParameterExpression.value(expression, VALUES, CLOCK))
        .withMessage(message);
  }
}
