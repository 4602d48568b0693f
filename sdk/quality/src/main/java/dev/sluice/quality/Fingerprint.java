package dev.sluice.quality;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Tells suites that ask the same from those that do not. */
final class Fingerprint {
  private static final int BYTES = 8;

  private Fingerprint() {}

  /**
   * Of what a suite asks: its name, policy, parameters, and of each expectation the type, kwargs,
   * severity and policy. Ids, notes and the order of keys make no difference; parameters stand as
   * they were written, so that {@code now()} makes none either.
   */
  static String of(JsonNode suite, Map<String, JsonNode> parameters) {
    ObjectNode asked = JsonNodeFactory.instance.objectNode();
    asked.set("name", suite.path("name"));
    asked.set("policy", canonical(suite.path("meta").path("sluice")));
    asked.set("parameters", canonical(object(parameters)));
    ArrayNode expectations = asked.putArray("expectations");
    for (JsonNode one : suite.path("expectations")) {
      ObjectNode item = expectations.addObject();
      for (String key : List.of("type", "kwargs", "severity")) {
        if (one.has(key)) {
          item.set(key, canonical(one.get(key)));
        }
      }
      if (one.path("meta").has("sluice")) {
        item.set("policy", canonical(one.get("meta").get("sluice")));
      }
    }
    return hash(asked.toString());
  }

  /** Sorted keys, and no nulls, which say the same as an absent key. */
  static JsonNode canonical(JsonNode node) {
    if (node.isArray()) {
      ArrayNode items = JsonNodeFactory.instance.arrayNode();
      node.forEach(item -> items.add(canonical(item)));
      return items;
    }
    if (!node.isObject()) {
      return node;
    }
    Map<String, JsonNode> sorted = new TreeMap<>();
    node.properties().stream()
        .filter(one -> !one.getValue().isNull())
        .forEach(one -> sorted.put(one.getKey(), canonical(one.getValue())));
    return object(sorted);
  }

  private static ObjectNode object(Map<String, JsonNode> members) {
    return JsonNodeFactory.instance.objectNode().setAll(members);
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
