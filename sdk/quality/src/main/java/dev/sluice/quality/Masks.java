package dev.sluice.quality;

import dev.sluice.quality.Verdict.Answer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Hides the values of sensitive columns from results; counts and percents stay. */
final class Masks {
  private static final String HIDDEN = "***";

  /** What a result says of rows without showing what is in them. */
  private static final Set<String> COUNTS =
      Set.of(
          "element_count",
          "missing_count",
          "missing_percent",
          "unexpected_count",
          "unexpected_percent",
          "unexpected_percent_total",
          "unexpected_percent_nonmissing",
          "unexpected_index_column_names");

  private Masks() {}

  /** The answer without values, where its expectation looks at a sensitive column. */
  static Answer masked(Answer answer, List<String> sensitive) {
    if (sensitive.isEmpty() || columns(answer).noneMatch(sensitive::contains)) {
      return answer;
    }
    Map<String, Object> shown = new LinkedHashMap<>();
    answer
        .result()
        .forEach((key, value) -> shown.put(key, COUNTS.contains(key) ? value : hidden(value)));
    return new Answer(
        answer.planned(), answer.success(), answer.unexpected(), shown, answer.error());
  }

  private static Object hidden(Object value) {
    if (value instanceof List<?> many) {
      return many.stream().map(one -> HIDDEN).toList();
    }
    return value == null ? null : HIDDEN;
  }

  /** The columns that an expectation looks at, and those by which it names rows. */
  private static Stream<String> columns(Answer answer) {
    Expectation expectation = answer.planned().expectation();
    return Stream.concat(
        ExpectationReader.columns(expectation.kwargs()).stream(),
        expectation.resultFormat().unexpectedIndexColumnNames().stream());
  }
}
