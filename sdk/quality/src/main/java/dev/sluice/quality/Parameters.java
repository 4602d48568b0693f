package dev.sluice.quality;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.quality.Faults.Fault;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Puts values where a suite says {@code {"$PARAMETER": …}}. */
final class Parameters {
  private static final String KEY = "$PARAMETER";

  private final Map<String, JsonNode> given;
  private final Map<String, JsonNode> values;
  private final Clock clock;
  private final Faults faults;

  /**
   * Of a suite and its caller; the caller's values win.
   *
   * @param clock tells what {@code now()} is
   */
  Parameters(JsonNode ofSuite, Map<String, JsonNode> ofCaller, Clock clock, Faults faults) {
    this.given = ofCaller;
    this.values = new HashMap<>();
    ofSuite.properties().forEach(one -> values.put(one.getKey(), one.getValue()));
    values.putAll(ofCaller);
    this.clock = clock;
    this.faults = faults;
  }

  Map<String, JsonNode> values() {
    return values;
  }

  /** A copy in which every parameter is a value; those without one are faults, and null. */
  JsonNode resolve(JsonNode node, String pointer) {
    if (node.isObject()) {
      return parameter((ObjectNode) node, pointer).orElseGet(() -> members(node, pointer));
    }
    if (node.isArray()) {
      ArrayNode items = JsonNodeFactory.instance.arrayNode();
      for (int i = 0; i < node.size(); i++) {
        items.add(resolve(node.get(i), pointer + "/" + i));
      }
      return items;
    }
    return node;
  }

  private JsonNode members(JsonNode node, String pointer) {
    ObjectNode members = JsonNodeFactory.instance.objectNode();
    node.properties()
        .forEach(
            one ->
                members.set(
                    one.getKey(),
                    resolve(one.getValue(), pointer + JsonPlaces.step(one.getKey()))));
    return members;
  }

  /**
   * The value of a parameter object. What an old Great Expectations has kept of its last run, as
   * {@code "$PARAMETER.name": value}, stands in for what the caller does not give.
   */
  private Optional<JsonNode> parameter(ObjectNode node, String pointer) {
    JsonNode expression = node.path(KEY);
    if (!expression.isTextual()) {
      return node.properties().stream()
          .filter(one -> one.getKey().startsWith(KEY + ".") && node.size() == 1)
          .map(one -> given.getOrDefault(one.getKey().substring(KEY.length() + 1), one.getValue()))
          .findFirst();
    }
    String text = expression.asText();
    JsonNode kept = node.get(KEY + "." + text);
    if (kept != null && !given.containsKey(text)) {
      return Optional.of(kept);
    }
    try {
      return Optional.of(ParameterExpression.value(text, values, clock));
    } catch (IllegalArgumentException e) {
      faults.add(Fault.ofValue(pointer, e.getMessage()));
      return Optional.of(JsonNodeFactory.instance.nullNode());
    }
  }
}
