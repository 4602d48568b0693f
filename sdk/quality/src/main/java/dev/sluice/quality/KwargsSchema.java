package dev.sluice.quality;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.Json;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Derives the JSON Schema of an expectation's kwargs from their record, and makes the record. */
final class KwargsSchema {
  private static final List<String> SCALARS = List.of("number", "string", "boolean");

  private static final Map<Class<?>, String> PLAIN =
      Map.of(
          Boolean.class, "boolean",
          Long.class, "integer",
          Double.class, "number",
          ObjectNode.class, "object");

  /** Words of a suite stand in lower case. */
  private static final ObjectMapper BINDER =
      ((JsonMapper) Json.mapper())
          .rebuild()
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .build();

  private KwargsSchema() {}

  /** The schema; unknown kwargs are violations, except those that every expectation may carry. */
  static Map<String, Object> of(Class<? extends Record> kwargs) {
    Map<String, Object> schema = record(kwargs);
    Map<String, Object> properties = new LinkedHashMap<>();
    ((Map<?, ?>) schema.get("properties")).forEach((key, one) -> properties.put("" + key, one));
    properties.put("result_format", Map.of("type", List.of("string", "object", "null")));
    properties.put("catch_exceptions", Map.of("type", List.of("boolean", "null")));
    properties.put("batch_id", Map.of("type", List.of("string", "null")));
    schema.put("properties", properties);
    return schema;
  }

  /** The record made from kwargs that satisfy its schema. */
  static <K extends Record> K bind(Class<K> type, JsonNode kwargs) {
    return BINDER.convertValue(kwargs, type);
  }

  private static Map<String, Object> record(Class<?> type) {
    Map<String, Object> properties = new LinkedHashMap<>();
    List<String> required = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      String key = key(component);
      boolean optional = component.getType() == Optional.class;
      Map<String, Object> schema =
          key.equals("mostly")
              ? Map.of("type", "number", "minimum", 0, "maximum", 1)
              : schema(component.getGenericType(), scalars(component));
      properties.put(key, optional ? nullable(schema) : schema);
      if (!optional) {
        required.add(key);
      }
    }
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    schema.put("properties", properties);
    schema.put("required", required);
    schema.put("additionalProperties", false);
    return schema;
  }

  private static Map<String, Object> schema(Type type, List<String> scalars) {
    if (type instanceof ParameterizedType generic) {
      Type element = generic.getActualTypeArguments()[0];
      if (generic.getRawType() == Optional.class) {
        return schema(element, scalars);
      }
      Map<String, Object> items = schema(element, scalars);
      // No column, pattern or type to look at leaves no question; an empty set of values does.
      return element == String.class
          ? Map.of("type", "array", "items", items, "minItems", 1)
          : Map.of("type", "array", "items", items);
    }
    return schema((Class<?>) type, scalars);
  }

  private static Map<String, Object> schema(Class<?> type, List<String> scalars) {
    if (type == String.class) {
      return Map.of("type", "string", "minLength", 1);
    }
    if (PLAIN.containsKey(type)) {
      return Map.of("type", PLAIN.get(type));
    }
    if (type == JsonNode.class) {
      return Map.of("type", scalars);
    }
    if (type.isEnum()) {
      return Map.of(
          "enum", Arrays.stream(type.getEnumConstants()).map(KwargsSchema::word).toList());
    }
    if (type.isRecord()) {
      return record(type);
    }
    throw new IllegalStateException("kwargs of type " + type + " have no JSON Schema yet");
  }

  private static List<String> scalars(RecordComponent component) {
    JsonTypes given = component.getAnnotation(JsonTypes.class);
    return given == null ? SCALARS : List.of(given.value());
  }

  private static String word(Object constant) {
    return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT);
  }

  private static Map<String, Object> nullable(Map<String, Object> schema) {
    return Map.of("anyOf", List.of(schema, Map.of("type", "null")));
  }

  /** The name in the suite: snake case, unless the component says otherwise as Jackson reads it. */
  private static String key(RecordComponent component) {
    JsonProperty given = component.getAccessor().getAnnotation(JsonProperty.class);
    return given != null
        ? given.value()
        : component.getName().replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }
}
