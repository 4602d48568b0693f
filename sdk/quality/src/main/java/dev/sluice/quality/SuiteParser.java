package dev.sluice.quality;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import dev.sluice.model.ErrorKind;
import dev.sluice.model.Json;
import dev.sluice.model.Nearest;
import dev.sluice.model.SluiceException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads a suite and reports everything that is wrong with it at once. */
public final class SuiteParser {
  private static final JsonViolations ENVELOPE = JsonViolations.bySchemaFile("suite.schema.json");

  /** A suite that says something twice, or goes on after its end, was edited wrongly. */
  private static final ObjectReader STRICT =
      Json.mapper()
          .reader()
          .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .with(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  private final String origin;
  private final List<String> violations = new ArrayList<>();

  private SuiteParser(String origin) {
    this.origin = origin;
  }

  /**
   * Parses a suite.
   *
   * @param json the suite's text
   * @param origin where it comes from, for messages
   * @throws SluiceException of kind CONFIG that lists all violations, each with a JSON pointer
   */
  public static Suite parse(String json, String origin) {
    return new SuiteParser(origin).parse(json);
  }

  private Suite parse(String json) {
    JsonNode root = read(json);
    check(ENVELOPE, root, "");
    List<Expectation> expectations = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    int index = 0;
    for (JsonNode node : root.path("expectations")) {
      expectation(node, "/expectations/" + index++, ids).ifPresent(expectations::add);
    }
    if (!violations.isEmpty()) {
      throw SluiceException.config(
          "Cannot use suite %s: %d violation%s.%n  %s%nCorrect %s and run check-suite",
          origin,
          violations.size(),
          violations.size() == 1 ? "" : "s",
          String.join(System.lineSeparator() + "  ", violations),
          violations.size() == 1 ? "it" : "them");
    }
    JsonNode policy = root.path("meta").path("sluice");
    return new Suite(
        root.get("name").asText(),
        policy.path("limit").asDouble(Suite.DEFAULT_LIMIT),
        policy.path("badInputLimit").asDouble(Suite.DEFAULT_LIMIT),
        expectations);
  }

  private JsonNode read(String json) {
    try {
      return STRICT.readTree(json);
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      boolean goesOn = e instanceof MismatchedInputException;
      throw new SluiceException(
          ErrorKind.CONFIG,
          String.format(
              "Cannot read suite %s: not valid JSON at line %d, column %d: %s. Correct the file",
              origin,
              at.getLineNr(),
              at.getColumnNr(),
              goesOn ? "more follows after its end" : e.getOriginalMessage()),
          e);
    }
  }

  private Optional<Expectation> expectation(JsonNode node, String pointer, Set<String> ids) {
    JsonNode typeName = node.path("type");
    if (!typeName.isTextual()) {
      return Optional.empty(); // the envelope has said so
    }
    Optional<ExpectationType<?>> type = ExpectationTypes.find(typeName.asText());
    if (type.isEmpty()) {
      violations.add(
          pointer
              + "/type: unknown expectation '"
              + typeName.asText()
              + "'. "
              + Nearest.to(typeName.asText(), ExpectationTypes.names())
                  .map(name -> "Did you mean '" + name + "'?")
                  .orElse("See check-suite --help for those that are known"));
      return Optional.empty();
    }
    int before = violations.size();
    JsonViolations schema = JsonViolations.bySchema(KwargsSchema.of(type.get().kwargs()));
    check(schema, node.path("kwargs"), pointer + "/kwargs");
    if (violations.size() > before) {
      return Optional.empty();
    }
    JsonNode policy = node.path("meta").path("sluice");
    return Optional.of(
        new Expectation(
            id(node, ids),
            type.get(),
            node.get("kwargs"),
            word(Severity.class, node.path("severity")).orElse(Severity.CRITICAL),
            word(OnFailure.class, policy.path("onFailure")),
            node));
  }

  /** The name given in {@code meta.sluice.id}, or one made of the type and the columns. */
  private static String id(JsonNode node, Set<String> taken) {
    JsonNode given = node.path("meta").path("sluice").path("id");
    String base = given.isTextual() ? given.asText() : describe(node);
    String id = base;
    for (int copy = 2; !taken.add(id); copy++) {
      id = base + "-" + copy;
    }
    return id;
  }

  private static String describe(JsonNode node) {
    String type = node.get("type").asText().replaceFirst("^expect_", "");
    JsonNode kwargs = node.path("kwargs");
    List<String> columns = new ArrayList<>();
    for (String name : List.of("column", "column_A", "column_B")) {
      if (kwargs.path(name).isTextual()) {
        columns.add(kwargs.get(name).asText());
      }
    }
    kwargs.path("column_list").forEach(column -> columns.add(column.asText()));
    return columns.isEmpty() ? type : type + "." + String.join("-", columns);
  }

  /** The constant that a node names; empty for another text, of which the envelope has spoken. */
  private static <E extends Enum<E>> Optional<E> word(Class<E> type, JsonNode node) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> constant.name().equalsIgnoreCase(node.asText()))
        .findFirst();
  }

  private void check(JsonViolations schema, JsonNode node, String pointer) {
    if (node.isObject()) {
      violations.addAll(schema.in(node, pointer));
    } else if (pointer.isEmpty()) {
      violations.add("/: a suite is a JSON object");
    }
  }
}
