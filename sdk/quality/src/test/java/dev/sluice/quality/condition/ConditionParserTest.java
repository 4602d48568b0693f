package dev.sluice.quality.condition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.sluice.model.Json;
import dev.sluice.quality.condition.Condition.And;
import dev.sluice.quality.condition.Condition.Comparison;
import dev.sluice.quality.condition.Condition.Not;
import dev.sluice.quality.condition.Condition.Nullity;
import dev.sluice.quality.condition.Condition.Operator;
import dev.sluice.quality.condition.Condition.Or;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionParserTest {

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '¦',
      quoteCharacter = '\u0007',
      textBlock =
          """
          great_expectations ¦ col("a") == 5                            ¦ col("a") == 5
          great_expectations ¦ col('a')!='x'                            ¦ col("a") != "x"
          great_expectations ¦ col("a") <> -1.5e3                       ¦ col("a") != -1500.0
          great_expectations ¦ col("a b.c") >= .5                       ¦ col("a b.c") >= 0.5
          great_expectations ¦ 0 < col("a") <= 10                       ¦ col("a") > 0 AND col("a") <= 10
          great_expectations ¦ col("a") = true                          ¦ col("a") == true
          great_expectations ¦ col("d") > date('2013-01-01')            ¦ col("d") > "2013-01-01"
          great_expectations ¦ col("d") > date("2013-01-01 10:30:00")   ¦ col("d") > "2013-01-01T10:30:00"
          great_expectations ¦ col("a").notNull()                       ¦ col("a").notNull()
          great_expectations ¦ col("a").is_null()                       ¦ col("a").isNull()
          great_expectations ¦ col("a") IS NOT NULL                     ¦ col("a").notNull()
          great_expectations ¦ col("a") in (1, 2,3)                     ¦ col("a") IN (1, 2, 3)
          great_expectations ¦ col("a") NOT IN ["x", "y"]               ¦ col("a") NOT IN ("x", "y")
          great_expectations ¦ col("a")==1 AND col("b")==2 OR col("c")==3 ¦ (col("a") == 1 AND col("b") == 2) OR col("c") == 3
          great_expectations ¦ col("a")==1 && (col("b")==2 or col("c")==3) ¦ col("a") == 1 AND (col("b") == 2 OR col("c") == 3)
          great_expectations ¦ NOT (col("a") == 1)                      ¦ NOT (col("a") == 1)
          great_expectations ¦ col("a\\"b") == 'it\\'s \\d'             ¦ col("a\\"b") == "it's \\\\d"
          great_expectations__experimental__ ¦ col("a") < 12345678901234567890 ¦ col("a") < 12345678901234567890
          pandas             ¦ (length == 4) & (text == "d")            ¦ col("length") == 4 AND col("text") == "d"
          pandas             ¦ w!=0.56 & w<0.8 & x<0.8                  ¦ col("w") != 0.56 AND col("w") < 0.8 AND col("x") < 0.8
          pandas             ¦ `trip distance` > 0 and not vendor in [1, 2] ¦ col("trip distance") > 0 AND NOT (col("vendor") IN (1, 2))
          pandas             ¦ fare.isnull() or tip.notna()             ¦ col("fare").isNull() OR col("tip").notNull()
          pandas             ¦ ~(a == 1) || b not in ('x', 'y')     ¦ NOT (col("a") == 1) OR col("b") NOT IN ("x", "y")
          pandas             ¦ vendor.isin([1, 2])                      ¦ col("vendor") IN (1, 2)
          pandas             ¦ 5 <= fare < 100                          ¦ col("fare") >= 5 AND col("fare") < 100
          pandas             ¦ flag == True                             ¦ col("flag") == true
          spark              ¦ a + b > 3 AND isnotnull(c)               ¦ a + b > 3 AND isnotnull(c)
          """)
  void reads(String parser, String text, String meaning) {
    assertThat(parse(text, parser).text()).isEqualTo(meaning);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '¦',
      quoteCharacter = '\u0007',
      textBlock =
          """
          great_expectations ¦ col("a")                    ¦ at character 9: expected a comparison, IN, or a question for null, found the end
          great_expectations ¦ col("a") ==                 ¦ at character 12: expected a value, found the end
          great_expectations ¦ col(a) == 1                 ¦ at character 5: expected the column's name in quotes, found 'a'
          great_expectations ¦ a == 1                      ¦ at character 1: expected col("name"), found 'a'
          great_expectations ¦ col("a") == "x              ¦ at character 13: the quote " is never closed
          great_expectations ¦ col("a") == 1 col("b") == 2 ¦ at character 15: expected AND, OR or the end, found 'col'
          great_expectations ¦ (col("a") == 1              ¦ at character 15: expected ')', found the end
          great_expectations ¦ col("a") == null            ¦ at character 13: nothing compares with null; use notNull() or isNull()
          great_expectations ¦ col("a") == col("b")        ¦ at character 13: expected a value, found 'col'; texts stand in quotes, and two columns compare with condition_parser 'spark'
          great_expectations ¦ col("a").like("x")          ¦ at character 10: 'like()' is not known; use notNull(), isNull() or isin([…]), or condition_parser 'spark'
          great_expectations ¦ col("a") > date("1.2.2013") ¦ at character 17: the date
          great_expectations ¦ col("a") > date("2013-02-30") ¦ at character 17: the date
          great_expectations ¦ col("a") IN ()              ¦ at character 14: expected a value, found ')'
          great_expectations ¦ col("a") ; drop             ¦ at character 10: ';' has no meaning here
          pandas             ¦ a == b                      ¦ at character 6: expected a value, found 'b'; texts stand in quotes, and two columns compare with condition_parser 'spark'
          pandas             ¦ a > @limit                  ¦ at character 5: expected a value, found '@'
          pandas             ¦ @limit < a                  ¦ at character 1: there are no variables here; write the value, or use a $PARAMETER
          pandas             ¦ abs(a) > 1                  ¦ at character 1: the function 'abs' is not among what is translated from pandas; use condition_parser 'spark'
          pandas             ¦ a + b > 1                   ¦ at character 3: expected a comparison, IN, or a question for null, found '+'
          spark              ¦                             ¦ is empty. Leave it out, or name the rows
          """)
  void saysWhereItDoesNotUnderstand(String parser, String text, String message) {
    String given = text == null ? " " : text;
    String wanted =
        message.replace(
            "the date",
            "'"
                + given.replaceAll(".*date\\(\"(.*)\"\\).*", "$1")
                + "' is not a date; write it as 2026-01-31 or 2026-01-31T23:59:59");
    assertThatExceptionOfType(ConditionException.class)
        .isThrownBy(() -> parse(given, parser))
        .withMessage(wanted);
  }

  @Test
  void readsObjects() throws Exception {
    Condition condition =
        object(
            """
            {"type": "or", "conditions": [
              {"type": "and", "conditions": [
                {"type": "comparison", "column": {"name": "a"}, "operator": ">=", "parameter": 5},
                {"type": "comparison", "column": "b c", "operator": "NOT_IN", "parameter": ["x"]}]},
              {"type": "nullity", "column": {"name": "d"}, "is_null": true},
              {"type": "pass_through", "pass_through_filter": "a > b"}]}
            """);

    assertThat(condition.text())
        .isEqualTo(
            "(col(\"a\") >= 5 AND col(\"b c\") NOT IN (\"x\")) OR col(\"d\").isNull() OR a > b");
    assertThat(condition.columns()).containsExactly("a", "b c", "d");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '¦',
      quoteCharacter = '\u0007',
      textBlock =
          """
          5                                                                   ¦ -                        ¦ expected a text or an object
          {"type": "xor"}                                                     ¦ /type                    ¦ expected type to be one of comparison, nullity, and, or, pass_through
          {}                                                                  ¦ -                        ¦ expected type to be one of comparison, nullity, and, or, pass_through
          {"type": "and", "conditions": []}                                   ¦ /conditions              ¦ needs a list of conditions
          {"type": "and", "conditions": [{"type": "nullity", "column": "a"}]} ¦ /conditions/0            ¦ is_null must be true or false
          {"type": "comparison", "column": "a", "operator": "~"}              ¦ /operator                ¦ '~' is not one of ==, !=, <, <=, >, >=, IN, NOT_IN
          {"type": "comparison", "column": "a", "operator": "=="}             ¦ /parameter               ¦ expected a number, text or boolean to compare with; for null use type nullity
          {"type": "comparison", "column": {}, "operator": "==", "parameter": 1} ¦ /column               ¦ name must be a text that is not empty
          {"type": "comparison", "column": "a", "operator": "IN", "parameter": 1} ¦ /parameter           ¦ IN needs a list of values in parameter
          {"type": "comparison", "column": "a", "operator": "IN", "parameter": [1, null]} ¦ /parameter/1 ¦ expected a number, text or boolean to compare with; for null use type nullity
          {"type": "pass_through"}                                            ¦ -                        ¦ pass_through_filter must be a text that is not empty
          """)
  void saysWhereAnObjectIsWrong(String json, String pointer, String message) {
    assertThatExceptionOfType(ConditionException.class)
        .isThrownBy(() -> object(json))
        .withMessage(message)
        .satisfies(e -> assertThat(e.pointer()).isEqualTo(pointer.equals("-") ? "" : pointer));
  }

  @Test
  void aHundredComparisonsAreTheMost() {
    String hundred =
        IntStream.range(0, 100).mapToObj(i -> "c == " + i).collect(Collectors.joining(" or "));

    assertThat(parse(hundred, "pandas").leaves()).hasSize(100);
    assertThatExceptionOfType(ConditionException.class)
        .isThrownBy(() -> parse(hundred + " or c == 100", "pandas"))
        .withMessage("holds 101 comparisons, and 100 is the most");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void whatAConditionPrintsIsReadAsTheSame(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      Condition condition = random(random, 3);
      assertThat(parse(condition.text(), "great_expectations"))
          .as(condition.text())
          .isEqualTo(condition);
    }
  }

  private static Condition random(Random random, int depth) {
    int kind = depth == 0 ? random.nextInt(2) : random.nextInt(5);
    String column =
        List.of("a", "a b", "x.y", "it's", "\"q\"", "back\\slash", "ü😀").get(random.nextInt(7));
    return switch (kind) {
      case 0 -> new Nullity(column, random.nextBoolean());
      case 1 -> {
        Operator operator =
            List.of(Operator.values()).get(random.nextInt(Operator.values().length));
        yield new Comparison(
            column,
            operator,
            operator.takesList()
                ? Values.list(List.of(value(random), value(random)))
                : value(random));
      }
      case 2 -> new And(several(random, depth));
      case 3 -> new Or(several(random, depth));
      default -> new Not(random(random, depth - 1));
    };
  }

  private static List<Condition> several(Random random, int depth) {
    List<Condition> several = new ArrayList<>();
    while (several.size() < 2 + random.nextInt(2)) {
      several.add(random(random, depth - 1));
    }
    return several;
  }

  private static JsonNode value(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> LongNode.valueOf(random.nextLong());
      case 1 -> DoubleNode.valueOf(random.nextGaussian() * 1e6);
      case 2 -> BooleanNode.valueOf(random.nextBoolean());
      default ->
          TextNode.valueOf(List.of("", "x y", "'\"\\", "AND", "2013-01-01").get(random.nextInt(5)));
    };
  }

  private static Condition parse(String text, String parser) {
    return ConditionParser.parse(TextNode.valueOf(text), parser);
  }

  private static Condition object(String json) throws Exception {
    return ConditionParser.parse(Json.mapper().readTree(json), "great_expectations");
  }
}
