package dev.sluice.quality;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.Json;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/** Bits of rows are what an interpreter of the same rules says, for any rows and rules. */
class RowBitsPropertyTest {
  private static final StructType SCHEMA =
      StructType.fromDDL("whole bigint, other bigint, real double, text string");

  /** Values near each other, so that rules hit their edges; and those that are like no others. */
  private static final List<Long> WHOLES =
      List.of(-2L, -1L, 0L, 1L, 2L, 3L, 9223372036854775806L, Long.MAX_VALUE, Long.MIN_VALUE);

  private static final List<Double> REALS =
      List.of(-1.5, -0.0, 0.0, 0.1, 1.0, 1.5, 2.0, 1e300, Double.NaN, Double.POSITIVE_INFINITY);

  private static final List<String> TEXTS =
      List.of("", "a", "A", "b", "ab", "\u00e9", "e\u0301", "\uD83D\uDE00", "\u202Eab", " a");

  /** One row. */
  record Values(Long whole, Long other, Double real, String text) {
    Object get(String column) {
      return switch (column) {
        case "whole" -> whole;
        case "other" -> other;
        case "real" -> real;
        default -> text;
      };
    }
  }

  /** One rule, as a suite says it and as an interpreter reads it. */
  sealed interface Rule {
    ObjectNode expectation();

    boolean fails(Values row);
  }

  record Present(String column) implements Rule {
    @Override
    public ObjectNode expectation() {
      return of("expect_column_values_to_not_be_null", column);
    }

    @Override
    public boolean fails(Values row) {
      return row.get(column) == null;
    }
  }

  record WholeRange(String column, long min, long max, boolean strict) implements Rule {
    @Override
    public ObjectNode expectation() {
      ObjectNode one = of("expect_column_values_to_be_between", column);
      ObjectNode kwargs = (ObjectNode) one.get("kwargs");
      kwargs.put("min_value", min).put("max_value", max);
      kwargs.put("strict_min", strict).put("strict_max", strict);
      return one;
    }

    @Override
    public boolean fails(Values row) {
      Long value = (Long) row.get(column);
      return value != null && (strict ? value <= min || value >= max : value < min || value > max);
    }
  }

  record RealLimit(double limit, boolean upper, boolean strict) implements Rule {
    @Override
    public ObjectNode expectation() {
      ObjectNode one = of("expect_column_values_to_be_between", "real");
      ObjectNode kwargs = (ObjectNode) one.get("kwargs");
      kwargs.put(upper ? "max_value" : "min_value", limit);
      kwargs.put(upper ? "strict_max" : "strict_min", strict);
      return one;
    }

    /** Spark orders what is no number above all numbers, and both zeros are one. */
    @Override
    public boolean fails(Values row) {
      if (row.real() == null) {
        return false;
      }
      boolean less = row.real() < limit;
      boolean more = row.real().isNaN() || row.real() > limit;
      return upper ? more || (strict && !less) : less || (strict && !more);
    }
  }

  record Member(String column, Set<Object> values, boolean inside) implements Rule {
    @Override
    public ObjectNode expectation() {
      ObjectNode one =
          of("expect_column_values_to_" + (inside ? "" : "not_") + "be_in_set", column);
      ArrayNode set = ((ObjectNode) one.get("kwargs")).putArray("value_set");
      values.forEach(set::addPOJO);
      return one;
    }

    @Override
    public boolean fails(Values row) {
      Object value = row.get(column);
      return value != null && values.contains(value) != inside;
    }
  }

  record Length(int min, int max) implements Rule {
    @Override
    public ObjectNode expectation() {
      ObjectNode one = of("expect_column_value_lengths_to_be_between", "text");
      ((ObjectNode) one.get("kwargs")).put("min_value", min).put("max_value", max);
      return one;
    }

    @Override
    public boolean fails(Values row) {
      if (row.text() == null) {
        return false;
      }
      int length = row.text().codePointCount(0, row.text().length());
      return length < min || length > max;
    }
  }

  record Above(boolean orEqual) implements Rule {
    @Override
    public ObjectNode expectation() {
      ObjectNode one =
          Json.mapper()
              .createObjectNode()
              .put("type", "expect_column_pair_values_a_to_be_greater_than_b");
      ObjectNode kwargs = one.putObject("kwargs").put("column_A", "whole").put("column_B", "other");
      kwargs.put("or_equal", orEqual).put("ignore_row_if", "either_value_is_missing");
      return one;
    }

    @Override
    public boolean fails(Values row) {
      return row.whole() != null
          && row.other() != null
          && !(row.whole() > row.other() || (orEqual && Objects.equals(row.whole(), row.other())));
    }
  }

  /** A rule for the rows alone whose other whole number is above a limit. */
  record When(long limit, Rule rule) implements Rule {
    @Override
    public ObjectNode expectation() {
      ObjectNode one = rule.expectation();
      ((ObjectNode) one.get("kwargs"))
          .put("row_condition", "col(\"other\") > " + limit)
          .put("condition_parser", "great_expectations");
      return one;
    }

    @Override
    public boolean fails(Values row) {
      return row.other() != null && row.other() > limit && rule.fails(row);
    }
  }

  private static ObjectNode of(String type, String column) {
    ObjectNode one = Json.mapper().createObjectNode().put("type", type);
    one.putObject("kwargs").put("column", column);
    return one;
  }

  @Property(tries = 40, shrinking = ShrinkingMode.BOUNDED)
  void bitsAreWhatAnInterpreterSays(
      @ForAll("rules") List<Rule> rules, @ForAll("rows") List<Values> rows) {
    Dataset<Row> frame = frame(rows);
    SuitePlan plan =
        SuitePlan.compile(SuiteParser.parse(suite(rules), "any.json"), SCHEMA, OtherTables.NONE);
    List<Row> words = frame.select(plan.wordColumns().toArray(Column[]::new)).collectAsList();

    for (SuitePlan.Planned one : plan.planned()) {
      Rule rule = rules.get(one.index());
      assertThat(one.check()).as("%s", rule).isInstanceOf(Check.RowCheck.class);
      for (int i = 0; i < rows.size(); i++) {
        long word = words.get(i).getLong(one.failed() / SuitePlan.WORD);
        assertThat((word >>> (one.failed() % SuitePlan.WORD) & 1) == 1)
            .as("%s on %s", rule, rows.get(i))
            .isEqualTo(rule.fails(rows.get(i)));
      }
    }
  }

  private static Dataset<Row> frame(List<Values> rows) {
    List<Row> given =
        rows.stream()
            .map(r -> RowFactory.create(r.whole(), r.other(), r.real(), r.text()))
            .toList();
    // Through a partition, so that generated code answers and not Spark's own interpreter.
    return LocalSpark.session().createDataFrame(given, SCHEMA).coalesce(1);
  }

  private static String suite(List<Rule> rules) {
    ObjectNode suite = Json.mapper().createObjectNode().put("name", "any");
    ArrayNode expectations = suite.putArray("expectations");
    for (int i = 0; i < rules.size(); i++) {
      ObjectNode one = rules.get(i).expectation();
      one.withObject("/meta/sluice").put("id", "rule-" + i);
      expectations.add(one);
    }
    return suite.toString();
  }

  @Provide
  Arbitrary<List<Values>> rows() {
    return Combinators.combine(
            Arbitraries.of(WHOLES).injectNull(0.2),
            Arbitraries.of(WHOLES).injectNull(0.2),
            Arbitraries.of(REALS).injectNull(0.2),
            Arbitraries.of(TEXTS).injectNull(0.2))
        .as(Values::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(40);
  }

  @Provide
  Arbitrary<List<Rule>> rules() {
    Arbitrary<Boolean> either = Arbitraries.of(true, false);
    Arbitrary<Long> wholes = Arbitraries.of(WHOLES);
    Arbitrary<String> ofWholes = Arbitraries.of("whole", "other");
    Arbitrary<Rule> present = Arbitraries.of("whole", "real", "text").map(Present::new);
    Arbitrary<Rule> ranges =
        Combinators.combine(ofWholes, wholes, wholes, either)
            .as((c, a, b, s) -> new WholeRange(c, Math.min(a, b), Math.max(a, b), s));
    Arbitrary<Rule> limits =
        Combinators.combine(Arbitraries.of(-1.5, 0.0, 0.1, 1.5, 1e300), either, either)
            .as(RealLimit::new);
    Arbitrary<Rule> numbers =
        Combinators.combine(ofWholes, wholes.set().ofMinSize(1).ofMaxSize(4), either)
            .as((c, v, in) -> new Member(c, Set.copyOf(v), in));
    Arbitrary<Rule> texts =
        Combinators.combine(Arbitraries.of(TEXTS).set().ofMinSize(1).ofMaxSize(4), either)
            .as((v, in) -> new Member("text", Set.copyOf(v), in));
    Arbitrary<Rule> lengths =
        Combinators.combine(
                Arbitraries.integers().between(0, 2), Arbitraries.integers().between(2, 3))
            .as(Length::new);
    Arbitrary<Rule> above = either.map(Above::new);
    Arbitrary<Rule> plain =
        Arbitraries.oneOf(List.of(present, ranges, limits, numbers, texts, lengths, above));
    Arbitrary<Rule> conditional =
        Combinators.combine(Arbitraries.of(-1L, 0L, 2L), plain).as(When::new);
    return Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(3, plain), net.jqwik.api.Tuple.of(1, conditional))
        .list()
        .ofMinSize(1)
        .ofMaxSize(80);
  }
}
