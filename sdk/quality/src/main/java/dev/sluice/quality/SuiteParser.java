package dev.sluice.quality;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.model.ErrorKind;
import dev.sluice.model.Json;
import dev.sluice.model.Nearest;
import dev.sluice.model.SluiceException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.everit.json.schema.Schema;
import org.everit.json.schema.ValidationException;
import org.everit.json.schema.loader.SchemaLoader;
import org.json.JSONObject;
import org.json.JSONTokener;

/** Reads a suite and reports everything that is wrong with it at once. */
public final class SuiteParser {
  private static final Schema ENVELOPE = load(resource("suite.schema.json"));

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
      return Json.mapper().readTree(json);
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      throw new SluiceException(
          ErrorKind.CONFIG,
          String.format(
              "Cannot read suite %s: not valid JSON at line %d, column %d: %s. Correct the file",
              origin, at.getLineNr(), at.getColumnNr(), e.getOriginalMessage()),
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
    check(load(KwargsSchema.of(type.get().kwargs())), node.path("kwargs"), pointer + "/kwargs");
    if (violations.size() > before) {
      return Optional.empty();
    }
    JsonNode policy = node.path("meta").path("sluice");
    return Optional.of(
        new Expectation(
            id(node, ids),
            type.get(),
            node.get("kwargs"),
            word(node.path("severity")).map(Severity::valueOf).orElse(Severity.CRITICAL),
            word(policy.path("onFailure")).map(OnFailure::valueOf),
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

  private static Optional<String> word(JsonNode node) {
    return node.isTextual()
        ? Optional.of(node.asText().toUpperCase(Locale.ROOT))
        : Optional.empty();
  }

  private void check(Schema schema, JsonNode node, String pointer) {
    if (!node.isObject()) {
      if (pointer.isEmpty()) {
        violations.add("#: a suite is a JSON object");
      }
      return;
    }
    try {
      schema.validate(new JSONObject(node.toString()));
    } catch (ValidationException e) {
      leaves(e).forEach(leaf -> violations.add(describe(leaf, pointer, node)));
    }
  }

  private static List<ValidationException> leaves(ValidationException e) {
    return e.getCausingExceptions().isEmpty()
        ? List.of(e)
        : e.getCausingExceptions().stream().flatMap(cause -> leaves(cause).stream()).toList();
  }

  private static String describe(ValidationException leaf, String pointer, JsonNode node) {
    String where = pointer + leaf.getPointerToViolation().substring(1);
    String reason = leaf.getErrorMessage();
    if ("additionalProperties".equals(leaf.getKeyword())) {
      String name = reason.replaceAll("^extraneous key \\[(.*)] is not permitted$", "$1");
      Set<String> known = knownKeys(leaf);
      reason = "'" + name + "' is not known here. " + Nearest.hint(name, known);
    }
    return (where.isEmpty() ? "/" : where) + ": " + reason;
  }

  private static Set<String> knownKeys(ValidationException leaf) {
    return ((org.everit.json.schema.ObjectSchema) leaf.getViolatedSchema())
        .getPropertySchemas()
        .keySet();
  }

  private static Schema load(Object schema) {
    JSONObject json =
        schema instanceof JSONObject object ? object : new JSONObject(Json.line(schema));
    return SchemaLoader.builder().schemaJson(json).draftV7Support().build().load().build();
  }

  private static JSONObject resource(String name) {
    try (InputStream in = SuiteParser.class.getResourceAsStream(name)) {
      return new JSONObject(new JSONTokener(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
