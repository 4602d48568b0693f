package dev.sluice.quality;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.Nearest;
import dev.sluice.quality.Faults.Fault;
import dev.sluice.quality.condition.Condition;
import dev.sluice.quality.condition.ConditionException;
import dev.sluice.quality.condition.ConditionParser;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Reads the expectations of one suite, which is in 1.x form. */
final class ExpectationReader {
  private static final Map<String, JsonViolations> SCHEMAS = new ConcurrentHashMap<>();
  private static final List<String> OF_CONDITION = List.of("row_condition", "condition_parser");

  private final Parameters parameters;
  private final ResultFormat format;
  private final Faults faults;
  private final Set<String> ids = new HashSet<>();

  ExpectationReader(Parameters parameters, ResultFormat format, Faults faults) {
    this.parameters = parameters;
    this.format = format;
    this.faults = faults;
  }

  /** The expectation; empty where it is not valid, which is then among the faults. */
  Optional<Expectation> read(JsonNode item, String pointer) {
    JsonNode name = item.path("type");
    if (!name.isTextual()) {
      return Optional.empty(); // the envelope has said so
    }
    Optional<ExpectationType<?>> type = ExpectationTypes.find(name.asText());
    if (type.isEmpty()) {
      faults.add(Fault.ofValue(pointer + "/type", unknown(name.asText())));
      return Optional.empty();
    }
    return item.path("kwargs").isObject() ? read(item, type.get(), pointer) : Optional.empty();
  }

  private Optional<Expectation> read(JsonNode item, ExpectationType<?> type, String pointer) {
    String at = pointer + "/kwargs";
    int before = faults.size();
    JsonNode written = parameters.resolve(item.get("kwargs"), at);
    ObjectNode kwargs = withoutNulls(written);
    Optional<Condition> condition = condition(kwargs, type, at);
    faults.addAll(schema(type).in(kwargs, at));
    if (faults.size() > before || faults.at(pointer + "/meta")) {
      return Optional.empty();
    }
    kwargs.remove(OF_CONDITION);
    ObjectNode node = ((ObjectNode) item).deepCopy();
    node.set("kwargs", written);
    JsonNode policy = item.path("meta").path("sluice");
    return Optional.of(
        new Expectation(
            id(item, kwargs),
            type,
            kwargs,
            word(Severity.class, item.path("severity")).orElse(Severity.CRITICAL),
            word(OnFailure.class, policy.path("onFailure")),
            node,
            condition,
            kwargs.has("result_format") ? format.with(kwargs.get("result_format")) : format,
            Duplicates.of(policy.path("duplicates"))));
  }

  private static String unknown(String type) {
    return "unknown expectation '"
        + type
        + "'. "
        + Nearest.to(type, ExpectationTypes.names())
            .map(name -> "Did you mean '" + name + "'?")
            .orElse("See check-suite --help for those that are known");
  }

  private static JsonViolations schema(ExpectationType<?> type) {
    return SCHEMAS.computeIfAbsent(
        type.name(), absent -> JsonViolations.bySchema(KwargsSchema.of(type), "kwarg"));
  }

  /** Null says the same as an absent kwarg. */
  private static ObjectNode withoutNulls(JsonNode kwargs) {
    ObjectNode present = JsonNodeFactory.instance.objectNode();
    kwargs.properties().stream()
        .filter(one -> !one.getValue().isNull())
        .forEach(one -> present.set(one.getKey(), one.getValue()));
    return present;
  }

  private Optional<Condition> condition(ObjectNode kwargs, ExpectationType<?> type, String at) {
    JsonNode given = kwargs.path("row_condition");
    if (!type.takesCondition()) {
      kwargs.remove(OF_CONDITION);
      if (!given.isMissingNode()) {
        faults.add(
            Fault.ofKey(
                at + "/row_condition",
                "row_condition names rows, and " + type.name() + " looks at none. Remove it"));
      }
      return Optional.empty();
    }
    JsonNode parser = kwargs.path("condition_parser");
    if (given.isMissingNode() || (!given.isTextual() && !given.isObject())) {
      return Optional.empty();
    }
    String name = parser.asText(ConditionParser.USUAL);
    if (!ConditionParser.names().contains(name)) {
      faults.add(
          Fault.ofValue(
              at + "/condition_parser",
              "unknown condition_parser '"
                  + name
                  + "'. "
                  + Nearest.hint(name, ConditionParser.names())));
      return Optional.empty();
    }
    try {
      return Optional.of(ConditionParser.parse(given, name));
    } catch (ConditionException e) {
      faults.add(Fault.ofValue(at + "/row_condition" + e.pointer(), e.getMessage()));
      return Optional.empty();
    }
  }

  /** The name given in {@code meta.sluice.id}, or one made of the type and the columns. */
  private String id(JsonNode item, JsonNode kwargs) {
    JsonNode given = item.path("meta").path("sluice").path("id");
    String base = given.isTextual() ? given.asText() : describe(item, kwargs);
    String id = base;
    for (int copy = 2; !ids.add(id); copy++) {
      id = base + "-" + copy;
    }
    return id;
  }

  private static String describe(JsonNode item, JsonNode kwargs) {
    String type = item.get("type").asText().replaceFirst("^expect_", "");
    List<String> columns = columns(kwargs);
    return columns.isEmpty() ? type : type + "." + String.join("-", columns);
  }

  /** The columns that kwargs name as those to look at. */
  static List<String> columns(JsonNode kwargs) {
    List<String> columns = new ArrayList<>();
    for (String name : List.of("column", "column_A", "column_B")) {
      if (kwargs.path(name).isTextual()) {
        columns.add(kwargs.get(name).asText());
      }
    }
    kwargs.path("column_list").forEach(column -> columns.add(column.asText()));
    return columns;
  }

  /** The constant that a node names; empty for another text, of which the envelope has spoken. */
  private static <E extends Enum<E>> Optional<E> word(Class<E> type, JsonNode node) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> constant.name().equalsIgnoreCase(node.asText()))
        .findFirst();
  }
}
