package dev.sluice.testkit.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * How far numbers may lie apart that count as the same.
 *
 * @param relative as a share of the expected number
 * @param absolute beside that
 */
record Slack(double relative, double absolute) {
  /** What Great Expectations' own tests allow. */
  static final Slack USUAL = new Slack(1e-7, 5e-2);

  static final Slack STRICT = new Slack(1e-9, 1e-9);

  /** Whether two values are the same; every key that an expected object has counts. */
  boolean same(JsonNode expected, JsonNode found) {
    if (number(expected) && number(found)) {
      return same(expected.asText(), found.asText());
    }
    if (expected.isArray() && found.isArray() && expected.size() == found.size()) {
      boolean same = true;
      for (int i = 0; i < expected.size(); i++) {
        same &= same(expected.get(i), found.get(i));
      }
      return same;
    }
    if (expected.isObject() && found.isObject()) {
      boolean same = true;
      for (Map.Entry<String, JsonNode> field : expected.properties()) {
        same &= same(field.getValue(), found.path(field.getKey()));
      }
      return same;
    }
    return expected.equals(found);
  }

  /** Whether two lists hold the same values in any order. */
  boolean sameInAnyOrder(JsonNode expected, JsonNode found, Comparator<JsonNode> order) {
    List<JsonNode> wanted = sorted(expected, order);
    List<JsonNode> given = sorted(found, order);
    boolean same = found.isArray() && wanted.size() == given.size();
    for (int i = 0; same && i < wanted.size(); i++) {
      same = same(wanted.get(i), given.get(i));
    }
    return same;
  }

  private static List<JsonNode> sorted(JsonNode list, Comparator<JsonNode> order) {
    List<JsonNode> sorted = new ArrayList<>();
    list.forEach(sorted::add);
    sorted.sort(order);
    return sorted;
  }

  /** The text of a value, in which 5 and 5.0 are one number. */
  static String text(JsonNode value) {
    if (value.isNumber()) {
      return new BigDecimal(value.asText()).stripTrailingZeros().toPlainString();
    }
    StringBuilder text = new StringBuilder();
    if (value.isArray()) {
      value.forEach(one -> text.append(text(one)).append(' '));
      return text.toString();
    }
    if (value.isObject()) {
      value.properties().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(one -> text.append(text(one.getValue())).append(' '));
      return text.toString();
    }
    return value.asText();
  }

  private static boolean number(JsonNode value) {
    return value.isNumber() || List.of("NaN", "Infinity", "-Infinity").contains(value.asText());
  }

  private boolean same(String expected, String found) {
    double wanted = Double.parseDouble(expected);
    double given = Double.parseDouble(found);
    return Double.compare(wanted, given) == 0
        || Math.abs(wanted - given) <= absolute + relative * Math.abs(wanted);
  }
}
