package dev.sluice.quality.page;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/** An expectation's arguments, put into words. */
record Kwargs(JsonNode node) {
  private static final int SHOWN = 8;
  private static final int VALUE_LENGTH = 60;

  /** The columns named, in order. */
  List<String> columns() {
    List<String> columns = new ArrayList<>();
    for (String key : List.of("column", "column_A", "column_B")) {
      Item.text(node.path(key)).ifPresent(columns::add);
    }
    for (JsonNode column : node.path("column_list")) {
      columns.add(column.asText());
    }
    return columns;
  }

  boolean has(String key) {
    return node.hasNonNull(key);
  }

  boolean is(String key) {
    return node.path(key).asBoolean();
  }

  /** A value as it is read by people. */
  String value(String key) {
    return value(node.path(key));
  }

  /** What all values must do, or as many as {@code mostly} asks for. */
  String all(String singular, String plural) {
    return every("value") + " " + (most() ? plural : singular);
  }

  /** What no value may do, or as few as {@code mostly} leaves. */
  String none(String singular, String plural) {
    return most() ? every("value") + " do not " + plural : "no value " + singular;
  }

  /** The number of things that the expectation speaks of. */
  String every(String thing) {
    return most()
        ? "at least " + mostly().map(Figures::percent).orElseThrow() + " of " + thing + "s"
        : "every " + thing;
  }

  /** The percentage that must hold, where less than all need to. */
  Optional<Double> mostly() {
    double mostly = node.path("mostly").asDouble(1);
    return mostly < 1 ? Optional.of(mostly * 100) : Optional.empty();
  }

  boolean most() {
    return mostly().isPresent();
  }

  /** The range that is allowed. */
  String range() {
    boolean least = has("min_value");
    boolean most = has("max_value");
    if (!least && !most) {
      return "of any size";
    }
    if (least && most && !is("strict_min") && !is("strict_max")) {
      return value("min_value").equals(value("max_value"))
          ? "exactly " + value("min_value")
          : "between " + value("min_value") + " and " + value("max_value");
    }
    String from = (is("strict_min") ? "above " : "at least ") + value("min_value");
    String to = (is("strict_max") ? "below " : "at most ") + value("max_value");
    return least && most ? from + " and " + to : least ? from : to;
  }

  /** Values of a list, the first few of many. */
  String list(String key) {
    return list(node.path(key));
  }

  /** The rows that the expectation is about; empty for all. */
  Optional<String> condition() {
    return has("row_condition")
        ? Optional.of(condition(node.path("row_condition")))
        : Optional.empty();
  }

  private static String condition(JsonNode condition) {
    if (condition.isTextual()) {
      return condition.asText();
    }
    String column = condition.path("column").path("name").asText();
    return switch (condition.path("type").asText()) {
      case "comparison" ->
          column
              + " "
              + condition.path("operator").asText().replace('_', ' ')
              + " "
              + value(condition.path("parameter"));
      case "nullity" ->
          column + (condition.path("is_null").asBoolean() ? " is" : " is not") + " null";
      case "and", "or" -> {
        StringJoiner parts = new StringJoiner(" " + condition.path("type").asText() + " ");
        condition.path("conditions").forEach(part -> parts.add(condition(part)));
        yield "(" + parts + ")";
      }
      case "pass_through" -> condition.path("pass_through_filter").asText();
      default -> condition.toString();
    };
  }

  private static String list(JsonNode values) {
    if (!values.isArray()) {
      return value(values);
    }
    if (values.isEmpty()) {
      return "nothing";
    }
    List<String> shown = new ArrayList<>();
    for (JsonNode value : values) {
      if (shown.size() < SHOWN) {
        shown.add(value(value));
      }
    }
    String rest = values.size() > SHOWN ? " … (" + Figures.count(values.size()) + " in all)" : "";
    return String.join(", ", shown) + rest;
  }

  static String value(JsonNode value) {
    if (value.isTextual()) {
      return "“" + shortened(value.asText()) + "”";
    }
    if (value.isObject() && value.path("$PARAMETER").isTextual()) {
      return "$" + value.path("$PARAMETER").asText();
    }
    return value.isMissingNode() ? "nothing" : shortened(text(value));
  }

  /** Any other arguments, as names and values. */
  String others() {
    StringJoiner parts = new StringJoiner(", ");
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      boolean said =
          List.of("column", "column_A", "column_B", "column_list").contains(entry.getKey());
      if (!said && !entry.getValue().isNull()) {
        parts.add(entry.getKey().replace('_', ' ') + " " + list(entry.getValue()));
      }
    }
    return parts.toString();
  }

  private static String text(JsonNode value) {
    if (value.isArray()) {
      StringJoiner parts = new StringJoiner(", ", "(", ")");
      value.forEach(part -> parts.add(value(part)));
      return parts.toString();
    }
    return value.isContainerNode() ? value.toString() : Figures.plain(value);
  }

  private static String shortened(String text) {
    return Legible.isLong(text, VALUE_LENGTH) ? Legible.cut(text, VALUE_LENGTH) + "…" : text;
  }
}
