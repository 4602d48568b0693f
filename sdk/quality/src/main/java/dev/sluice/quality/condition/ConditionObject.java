package dev.sluice.quality.condition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import dev.sluice.quality.condition.Condition.Comparison;
import dev.sluice.quality.condition.Condition.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Conditions as objects: {@code {"type": "comparison", "column": {"name": …}, …}}. */
final class ConditionObject {
  private static final String SIGNS =
      Stream.of(Operator.values()).map(Operator::sign).collect(Collectors.joining(", "));

  private ConditionObject() {}

  static Condition read(JsonNode node) {
    return read(node, "");
  }

  private static Condition read(JsonNode node, String at) {
    if (!node.isObject()) {
      throw ConditionException.in(at, "expected a text or an object");
    }
    return switch (node.path("type").asText()) {
      case "comparison" -> comparison(node, at);
      case "nullity" -> nullity(node, at);
      case "and" -> new Condition.And(conditions(node, at));
      case "or" -> new Condition.Or(conditions(node, at));
      case "pass_through" -> new Condition.PassThrough(text(node, "pass_through_filter", at));
      default ->
          throw ConditionException.in(
              node.has("type") ? at + "/type" : at,
              "expected type to be one of comparison, nullity, and, or, pass_through");
    };
  }

  private static Condition comparison(JsonNode node, String at) {
    String sign = text(node, "operator", at);
    Operator operator =
        Operator.of(sign)
            .orElseThrow(
                () ->
                    ConditionException.in(
                        at + "/operator", "'" + sign + "' is not one of " + SIGNS));
    JsonNode value = node.path("parameter");
    if (!operator.takesList()) {
      return new Comparison(column(node, at), operator, scalar(value, at + "/parameter"));
    }
    if (!value.isArray() || value.isEmpty()) {
      throw ConditionException.in(
          node.has("parameter") ? at + "/parameter" : at,
          sign + " needs a list of values in parameter");
    }
    List<JsonNode> values = new ArrayList<>();
    for (int i = 0; i < value.size(); i++) {
      values.add(scalar(value.get(i), at + "/parameter/" + i));
    }
    return new Comparison(column(node, at), operator, Values.list(values));
  }

  private static JsonNode scalar(JsonNode value, String at) {
    if (!value.isNumber() && !value.isTextual() && !value.isBoolean()) {
      throw ConditionException.in(
          at, "expected a number, text or boolean to compare with; for null use type nullity");
    }
    return value.isIntegralNumber() && value.canConvertToLong()
        ? LongNode.valueOf(value.asLong())
        : value;
  }

  private static Condition nullity(JsonNode node, String at) {
    JsonNode isNull = node.path("is_null");
    if (!isNull.isBoolean()) {
      throw ConditionException.in(
          node.has("is_null") ? at + "/is_null" : at, "is_null must be true or false");
    }
    return new Condition.Nullity(column(node, at), isNull.asBoolean());
  }

  private static List<Condition> conditions(JsonNode node, String at) {
    JsonNode given = node.path("conditions");
    if (!given.isArray() || given.isEmpty()) {
      throw ConditionException.in(
          node.has("conditions") ? at + "/conditions" : at, "needs a list of conditions");
    }
    List<Condition> conditions = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      conditions.add(read(given.get(i), at + "/conditions/" + i));
    }
    return conditions;
  }

  /** The name of the column, which may stand in an object of its own or alone. */
  private static String column(JsonNode node, String at) {
    JsonNode column = node.path("column");
    return column.isObject() ? text(column, "name", at + "/column") : text(node, "column", at);
  }

  private static String text(JsonNode node, String key, String at) {
    JsonNode text = node.path(key);
    if (!text.isTextual() || text.asText().isEmpty()) {
      throw ConditionException.in(
          node.has(key) ? at + "/" + key : at, key + " must be a text that is not empty");
    }
    return text.asText();
  }
}
