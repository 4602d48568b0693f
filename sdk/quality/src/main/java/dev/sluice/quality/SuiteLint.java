package dev.sluice.quality;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.quality.SuiteFinding.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.spark.sql.types.StructType;

/** Finds what in a valid suite its author can hardly have meant. */
public final class SuiteLint {
  private static final Set<String> EVERYTHING =
      Set.of("", ".*", "^", "$", "^.*", ".*$", "^.*$", "(?s).*", "^[\\s\\S]*$");

  private static final List<String> ASKED_ONLY_ABOUT =
      List.of("result_format", "catch_exceptions", "batch_id", "meta", "windows", "description");

  private final Suite suite;
  private final List<SuiteFinding> findings = new ArrayList<>();

  private SuiteLint(Suite suite) {
    this.suite = suite;
  }

  /**
   * All findings, in the suite's order within each rule.
   *
   * @param schema the columns of the rows that the suite is for; without it columns are not checked
   */
  public static List<SuiteFinding> findings(Suite suite, Optional<StructType> schema) {
    return new SuiteLint(suite).findings(schema);
  }

  private List<SuiteFinding> findings(Optional<StructType> schema) {
    suite.expectations().forEach(this::alone);
    duplicates();
    contradictions();
    schema.ifPresent(columns -> suite.expectations().forEach(one -> known(one, columns)));
    return List.copyOf(findings);
  }

  private void alone(Expectation one) {
    JsonNode kwargs = one.kwargs();
    if (kwargs.has("mostly") && kwargs.get("mostly").asDouble() == 0) {
      add(one, Rule.NEVER_FAILS, "mostly is 0. Give the share of rows that must pass");
    }
    LintRange.of(one).ifPresent(range -> range(one, range));
    set(one);
    patterns(one);
  }

  private void range(Expectation one, LintRange range) {
    String type = one.type().name();
    if (range.open()) {
      add(one, Rule.NEVER_FAILS, "there is neither min_value nor max_value. Give one");
    } else if (range.empty()) {
      add(one, Rule.ALWAYS_FAILS, "nothing is between min_value and max_value. Widen the range");
    } else if ((type.contains("_count_") || type.contains("_lengths_"))
        && range.holdsAllFromZero()) {
      add(one, Rule.NEVER_FAILS, "every count and length is at least 0. Raise min_value");
    } else if (type.contains("_proportion_of_") && range.holdsAllShares()) {
      add(one, Rule.NEVER_FAILS, "every share is between 0 and 1. Narrow the range");
    }
  }

  private void set(Expectation one) {
    String type = one.type().name();
    if (!KwargsSchema.names(one.type()).contains("value_set")) {
      return;
    }
    JsonNode set = one.kwargs().path("value_set");
    if (set.isMissingNode()) {
      add(one, Rule.NEVER_FAILS, "there is no value_set. Give one");
    } else if (set.isArray() && set.isEmpty()) {
      boolean asksNothing = type.contains("_not_be_in_set") || type.contains("_contain_set");
      add(
          one,
          asksNothing ? Rule.NEVER_FAILS : Rule.ALWAYS_FAILS,
          "value_set is empty. Name its values");
    }
  }

  private void patterns(Expectation one) {
    boolean wantsNone = one.type().name().contains("_not_match_");
    List<String> patterns = new ArrayList<>();
    Optional.ofNullable(one.kwargs().get("regex")).ifPresent(text -> patterns.add(text.asText()));
    one.kwargs().path("regex_list").forEach(text -> patterns.add(text.asText()));
    for (String pattern : patterns) {
      try {
        Pattern compiled = Pattern.compile(pattern);
        if (EVERYTHING.contains(compiled.pattern())) {
          everything(one, wantsNone, pattern);
        }
      } catch (PatternSyntaxException e) {
        add(
            one,
            Rule.BAD_REGEX,
            "'" + pattern + "' is not a regular expression: " + e.getDescription());
      }
    }
    if ("%".equals(one.kwargs().path("like_pattern").asText())) {
      everything(one, wantsNone, "%");
    }
  }

  private void everything(Expectation one, boolean wantsNone, String pattern) {
    add(
        one,
        wantsNone ? Rule.ALWAYS_FAILS : Rule.NEVER_FAILS,
        "'" + pattern + "' matches every text. Say what a value looks like");
  }

  private void duplicates() {
    Map<List<Object>, Expectation> seen = new HashMap<>();
    for (Expectation one : suite.expectations()) {
      ObjectNode asked = ((ObjectNode) one.kwargs()).deepCopy();
      asked.remove(ASKED_ONLY_ABOUT);
      List<Object> question =
          List.of(one.type().name(), Fingerprint.canonical(asked), one.condition());
      Expectation first = seen.putIfAbsent(question, one);
      if (first != null) {
        add(one, Rule.DUPLICATE, "asks the same as " + first.id() + ". Remove one");
      }
    }
  }

  private void contradictions() {
    List<Expectation> strict = suite.expectations().stream().filter(SuiteLint::mostRows).toList();
    for (int i = 0; i < strict.size(); i++) {
      for (Expectation earlier : strict.subList(0, i)) {
        Expectation one = strict.get(i);
        if (one.condition().equals(earlier.condition())) {
          contradiction(earlier, one)
              .ifPresent(
                  reason ->
                      add(
                          one,
                          Rule.CONTRADICTION,
                          "cannot hold together with " + earlier.id() + ": " + reason));
        }
      }
    }
  }

  /** With less, two checks may both hold, each for its own half of the rows. */
  private static boolean mostRows(Expectation one) {
    return one.kwargs().path("mostly").asDouble(1) > 0.5;
  }

  private static Optional<String> contradiction(Expectation one, Expectation other) {
    Optional<LintRange> range = LintRange.of(one);
    Optional<LintRange> otherRange = LintRange.of(other);
    if (range.isPresent() && otherRange.isPresent()) {
      LintRange first = range.get();
      LintRange second = otherRange.get();
      return first.subject().equals(second.subject())
              && !first.empty()
              && !second.empty()
              && first.common(second).empty()
          ? Optional.of("their ranges have nothing in common")
          : Optional.empty();
    }
    if (!one.kwargs().path("column").equals(other.kwargs().path("column"))) {
      return Optional.empty();
    }
    return ofNulls(one, other).or(() -> ofSets(one, other)).or(() -> ofSets(other, one));
  }

  private static Optional<String> ofNulls(Expectation one, Expectation other) {
    Set<String> types = new HashSet<>(List.of(one.type().name(), other.type().name()));
    return types.equals(
            Set.of("expect_column_values_to_be_null", "expect_column_values_to_not_be_null"))
        ? Optional.of("a value is null or it is not")
        : Optional.empty();
  }

  private static Optional<String> ofSets(Expectation one, Expectation other) {
    Set<JsonNode> set = set(one, "expect_column_values_to_be_in_set");
    if (set.isEmpty()) {
      return Optional.empty();
    }
    Set<JsonNode> left = new LinkedHashSet<>(set);
    switch (other.type().name()) {
      case "expect_column_values_to_be_in_set" -> {
        Set<JsonNode> allowed = set(other, other.type().name());
        left.removeIf(value -> !allowed.isEmpty() && !allowed.contains(value));
      }
      case "expect_column_values_to_not_be_in_set" ->
          left.removeAll(set(other, other.type().name()));
      case "expect_column_values_to_be_between" -> {
        LintRange range = LintRange.of(other).orElseThrow();
        left.removeIf(range::excludes);
      }
      default -> {
        return Optional.empty();
      }
    }
    return left.isEmpty() ? Optional.of("no value of the set passes both") : Optional.empty();
  }

  private static Set<JsonNode> set(Expectation one, String type) {
    Set<JsonNode> values = new HashSet<>();
    if (one.type().name().equals(type)) {
      one.kwargs().path("value_set").forEach(values::add);
    }
    return values;
  }

  private void known(Expectation one, StructType schema) {
    Set<String> columns = new LinkedHashSet<>();
    if (!one.type().name().startsWith("expect_table_")
        && !one.type().name().equals("expect_column_to_exist")) {
      columns.addAll(ExpectationReader.columns(one.kwargs()));
    }
    one.condition().ifPresent(condition -> columns.addAll(condition.columns()));
    columns.addAll(one.resultFormat().unexpectedIndexColumnNames());
    one.duplicates().keepFirstBy().forEach(order -> columns.add(order.column()));
    for (String column : columns) {
      try {
        Columns.of(column, schema);
      } catch (IllegalArgumentException e) {
        add(one, Rule.UNKNOWN_COLUMN, e.getMessage());
      }
    }
  }

  private void add(Expectation one, Rule rule, String message) {
    findings.add(new SuiteFinding(one.id(), rule, message));
  }
}
