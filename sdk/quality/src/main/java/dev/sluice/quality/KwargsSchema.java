package dev.sluice.quality;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.model.Json;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Derives the JSON Schema of an expectation's kwargs from their record, and makes the record. */
final class KwargsSchema {
  private static final Map<String, Object> SCALAR =
      Map.of("type", List.of("number", "string", "boolean"));

  private KwargsSchema() {}

  /** The schema; unknown kwargs are violations, except those that every expectation may carry. */
  static Map<String, Object> of(Class<? extends Record> kwargs) {
    Map<String, Object> properties = new LinkedHashMap<>();
    List<String> required = new ArrayList<>();
    for (RecordComponent component : kwargs.getRecordComponents()) {
      String key = key(component);
      boolean optional = component.getType() == Optional.class;
      Map<String, Object> schema =
          key.equals("mostly")
              ? Map.of("type", "number", "minimum", 0, "maximum", 1)
              : schemaOf(component.getGenericType());
      properties.put(key, optional ? nullable(schema) : schema);
      if (!optional) {
        required.add(key);
      }
    }
    properties.put("result_format", Map.of("type", List.of("string", "object", "null")));
    properties.put("catch_exceptions", Map.of("type", List.of("boolean", "null")));
    properties.put("batch_id", Map.of("type", List.of("string", "null")));
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    schema.put("properties", properties);
    schema.put("required", required);
    schema.put("additionalProperties", false);
    return schema;
  }

  /** The record made from kwargs that satisfy its schema. */
  static <K extends Record> K bind(Class<K> type, JsonNode kwargs) {
    return Json.mapper().convertValue(kwargs, type);
  }

  private static Map<String, Object> schemaOf(Type type) {
    if (type instanceof ParameterizedType generic) {
      Type element = generic.getActualTypeArguments()[0];
      if (generic.getRawType() == Optional.class) {
        return schemaOf(element);
      }
      return Map.of("type", "array", "items", schemaOf(element), "minItems", 1);
    }
    if (type == String.class) {
      return Map.of("type", "string", "minLength", 1);
    }
    if (type == Boolean.class) {
      return Map.of("type", "boolean");
    }
    if (type == Long.class) {
      return Map.of("type", "integer");
    }
    if (type == Double.class) {
      return Map.of("type", "number");
    }
    if (type == JsonNode.class) {
      return SCALAR;
    }
    throw new IllegalStateException("kwargs of type " + type + " have no JSON Schema yet");
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
