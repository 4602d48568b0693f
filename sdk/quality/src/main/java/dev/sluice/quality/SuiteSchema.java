package dev.sluice.quality;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.Json;
import dev.sluice.quality.condition.Condition.Operator;
import dev.sluice.quality.condition.ConditionParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The JSON Schemas of suites, draft 7, as files for editors: {@code
 * dev/sluice/quality/schema/suite.schema.json} knows everything, and the kwargs of each type have a
 * file of their own beside it.
 */
public final class SuiteSchema {
  /** Where the files lie on the class path. */
  public static final String FOLDER = "dev/sluice/quality/schema";

  /** What {@code result_format} may be: a level, or an object. */
  static final Map<String, Object> RESULT_FORMAT = resultFormat();

  private static final String DRAFT = "http://json-schema.org/draft-07/schema#";
  private static final String BASE = "https://sluice.dev/schema/";
  private static final String ENVELOPE = "envelope.schema.json";

  private SuiteSchema() {}

  /** All files that are made of the known types: name to content. */
  public static SortedMap<String, String> files() {
    SortedMap<String, String> files = new TreeMap<>();
    files.put("suite.schema.json", Json.pretty(complete()));
    for (String name : ExpectationTypes.names()) {
      ObjectNode schema = Json.mapper().createObjectNode();
      schema.put("$schema", DRAFT);
      schema.put("$id", BASE + name + ".json");
      schema.put("title", "kwargs of " + name);
      schema.setAll(kwargs(type(name)));
      schema.set("definitions", shared());
      files.put("kwargs/" + name + ".schema.json", Json.pretty(schema));
    }
    return files;
  }

  /** What holds of a suite whatever its types, as the parser checks it. */
  static JsonNode envelope() {
    try (InputStream in = SuiteSchema.class.getResourceAsStream("schema/" + ENVELOPE)) {
      ObjectNode envelope =
          (ObjectNode)
              Json.mapper().readTree(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      ((ObjectNode) envelope.get("definitions")).set("resultFormat", tree(RESULT_FORMAT));
      return envelope;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ObjectNode complete() {
    ObjectNode suite = (ObjectNode) envelope();
    suite.put("$id", BASE + "suite.json");
    ObjectNode definitions = (ObjectNode) suite.get("definitions");
    ObjectNode expectation = (ObjectNode) definitions.get("expectation");
    ArrayNode known = ((ObjectNode) expectation.at("/properties/type")).putArray("enum");
    ArrayNode choices = expectation.putArray("allOf");
    definitions.setAll(shared());
    for (String name : ExpectationTypes.names()) {
      known.add(name);
      ObjectNode choice = choices.addObject();
      ObjectNode condition = choice.putObject("if");
      condition.putObject("properties").putObject("type").put("const", name);
      condition.putArray("required").add("type");
      choice
          .putObject("then")
          .putObject("properties")
          .putObject("kwargs")
          .put("$ref", "#/definitions/" + name);
      definitions.set(name, kwargs(type(name)));
    }
    return suite;
  }

  /** The schema of a type's kwargs as people write them: parameters may stand for values. */
  private static ObjectNode kwargs(ExpectationType<?> type) {
    ObjectNode schema = (ObjectNode) tree(KwargsSchema.of(type));
    ObjectNode properties = (ObjectNode) schema.get("properties");
    for (String name : KwargsSchema.names(type)) {
      JsonNode plain = properties.get(name);
      JsonNode choices = plain.get("anyOf");
      ArrayNode any = Json.mapper().createArrayNode();
      if (choices == null) {
        any.add(plain);
      } else {
        any.addAll((ArrayNode) choices);
      }
      any.addObject().put("$ref", "#/definitions/parameter");
      properties.putObject(name).set("anyOf", any);
    }
    if (type.takesCondition()) {
      ArrayNode forms = properties.putObject("row_condition").putArray("anyOf");
      forms.addObject().put("type", "string");
      forms.addObject().put("type", "null");
      forms.addObject().put("$ref", "#/definitions/condition");
      ArrayNode parsers = properties.putObject("condition_parser").putArray("enum");
      ConditionParser.names().forEach(parsers::add);
      parsers.addNull();
    }
    return schema;
  }

  /** What the schemas of several types refer to. */
  private static ObjectNode shared() {
    ObjectNode shared = Json.mapper().createObjectNode();
    shared.set(
        "parameter",
        json(
            """
        {"type": "object", "required": ["$PARAMETER"],
         "description": "a value of suite_parameters, or arithmetic on them",
         "properties": {"$PARAMETER": {"type": "string", "minLength": 1}}}
        """));
    ObjectNode condition =
        json(
            """
        {"type": "object", "required": ["type"],
         "properties": {
           "type": {"enum": ["comparison", "nullity", "and", "or", "pass_through"]},
           "column": {"anyOf": [
             {"type": "string", "minLength": 1},
             {"type": "object", "required": ["name"],
              "properties": {"name": {"type": "string", "minLength": 1}}}]},
           "operator": {},
           "parameter": {"type": ["number", "string", "boolean", "array"]},
           "is_null": {"type": "boolean"},
           "conditions": {"type": "array", "minItems": 1,
                          "items": {"$ref": "#/definitions/condition"}},
           "pass_through_filter": {"type": "string", "minLength": 1}}}
        """);
    ArrayNode signs = ((ObjectNode) condition.at("/properties/operator")).putArray("enum");
    Stream.of(Operator.values()).map(Operator::sign).forEach(signs::add);
    shared.set("condition", condition);
    return shared;
  }

  private static Map<String, Object> resultFormat() {
    List<String> levels = Stream.of(ResultFormat.Level.values()).map(Enum::name).toList();
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("result_format", Map.of("enum", levels));
    keys.put("partial_unexpected_count", Map.of("type", "integer", "minimum", 0));
    keys.put(
        "unexpected_index_column_names",
        Map.of("type", "array", "items", Map.of("type", "string")));
    keys.put("include_unexpected_rows", Map.of("type", "boolean"));
    keys.put("exclude_unexpected_values", Map.of("type", "boolean"));
    keys.put("return_unexpected_index_query", Map.of("type", "boolean"));
    return Map.of(
        "anyOf",
        List.of(
            Map.of("enum", levels),
            Map.of("type", "object", "properties", keys, "additionalProperties", false)));
  }

  private static ExpectationType<?> type(String name) {
    return ExpectationTypes.find(name).orElseThrow();
  }

  /** As a tree whose keys are in a fixed order wherever a map has none. */
  private static JsonNode tree(Object schema) {
    return sorted(Json.mapper().valueToTree(schema));
  }

  private static JsonNode sorted(JsonNode node) {
    if (node.isArray()) {
      ArrayNode items = Json.mapper().createArrayNode();
      node.forEach(item -> items.add(sorted(item)));
      return items;
    }
    if (!node.isObject()) {
      return node;
    }
    ObjectNode members = Json.mapper().createObjectNode();
    boolean ofSchema = node.has("type") || node.has("anyOf") || node.has("enum");
    Stream<Map.Entry<String, JsonNode>> entries = node.properties().stream();
    // The properties of a schema keep the order of the record; the words of a schema have none.
    (ofSchema ? entries.sorted(Map.Entry.<String, JsonNode>comparingByKey().reversed()) : entries)
        .forEach(one -> members.set(one.getKey(), sorted(one.getValue())));
    return members;
  }

  private static ObjectNode json(String text) {
    try {
      return (ObjectNode) Json.mapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
