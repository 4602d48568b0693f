package dev.sluice.quality;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
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
          boolean.class, "boolean",
          Long.class, "integer",
          long.class, "integer",
          Integer.class, "integer",
          int.class, "integer",
          Double.class, "number",
          double.class, "number",
          ObjectNode.class, "object",
          Map.class, "object");

  /** What every expectation may carry, whatever its type. */
  private static final Map<String, List<String>> COMMON =
      Map.of(
          "batch_id", List.of("string", "null"),
          "catch_exceptions", List.of("boolean", "null"),
          "description", List.of("string", "null"),
          "meta", List.of("object", "null"),
          "windows", List.of("array", "null"));

  /** Words of a suite stand in lower case. */
  private static final ObjectMapper BINDER =
      Json.mapper().rebuild().enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS).build();

  private KwargsSchema() {}

  /** The schema; unknown kwargs are violations, except those that every expectation may carry. */
  static Map<String, Object> of(ExpectationType<?> type) {
    Map<String, Object> schema = record(type.kwargs());
    Map<String, Object> properties = new LinkedHashMap<>(properties(schema));
    if (type.takesCondition()) {
      properties.put("row_condition", Map.of("type", List.of("string", "object", "null")));
      properties.put("condition_parser", Map.of("type", List.of("string", "null")));
    }
    properties.put("result_format", nullable(SuiteSchema.RESULT_FORMAT));
    COMMON.keySet().stream()
        .sorted()
        .forEach(name -> properties.put(name, Map.of("type", COMMON.get(name))));
    schema.put("properties", properties);
    return schema;
  }

  /** The names that a type has of its own. */
  static List<String> names(ExpectationType<?> type) {
    return Arrays.stream(type.kwargs().getRecordComponents()).map(KwargsSchema::key).toList();
  }

  /** The record made from kwargs that satisfy its schema. */
  static <K extends Record> K bind(Class<K> type, JsonNode kwargs) {
    return BINDER.convertValue(kwargs, type);
  }

  @SuppressWarnings("unchecked") // made below
  private static Map<String, Object> properties(Map<String, Object> schema) {
    return (Map<String, Object>) schema.get("properties");
  }

  private static Map<String, Object> record(Class<?> type) {
    Map<String, Object> properties = new LinkedHashMap<>();
    List<String> required = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      String key = key(component);
      boolean optional = component.getType() == Optional.class;
      Map<String, Object> schema =
          key.equals("mostly")
              ? fields("type", "number", "minimum", 0, "maximum", 1)
              : schema(component.getGenericType(), scalars(component));
      properties.put(key, optional ? nullable(schema) : schema);
      if (!optional) {
        required.add(key);
      }
    }
    Map<String, Object> schema = fields("type", "object", "properties", properties);
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    schema.put("additionalProperties", false);
    return schema;
  }

  private static Map<String, Object> schema(Type type, List<String> scalars) {
    if (type instanceof ParameterizedType generic) {
      Type element = generic.getActualTypeArguments()[0];
      if (generic.getRawType() == Optional.class) {
        return schema(element, scalars);
      }
      if (generic.getRawType() == List.class) {
        Map<String, Object> items = schema(element, scalars);
        // No column, pattern or type to look at leaves no question; an empty set of values does.
        return element == String.class
            ? fields("type", "array", "items", items, "minItems", 1)
            : fields("type", "array", "items", items);
      }
      return schema((Class<?>) generic.getRawType(), scalars);
    }
    return schema((Class<?>) type, scalars);
  }

  private static Map<String, Object> schema(Class<?> type, List<String> scalars) {
    if (type == String.class) {
      return fields("type", "string", "minLength", 1);
    }
    if (PLAIN.containsKey(type)) {
      return fields("type", PLAIN.get(type));
    }
    if (type == JsonNode.class) {
      return fields("type", scalars);
    }
    if (type.isEnum()) {
      return fields(
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
    return fields("anyOf", List.of(schema, Map.of("type", "null")));
  }

  /** Keeps the order, so that files made of it do not change by chance. */
  private static Map<String, Object> fields(Object... namesAndValues) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      fields.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return fields;
  }

  /** The name in the suite: snake case, unless the component says otherwise as Jackson reads it. */
  private static String key(RecordComponent component) {
    JsonProperty given = component.getAccessor().getAnnotation(JsonProperty.class);
    return given != null
        ? given.value()
        : component.getName().replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }
}
