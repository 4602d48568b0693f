package dev.sluice.quality;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.ErrorKind;
import dev.sluice.model.Json;
import dev.sluice.model.SluiceException;
import dev.sluice.quality.Faults.Fault;
import dev.sluice.quality.history.AnomalyParser;
import dev.sluice.quality.history.AnomalyRule;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads a suite and reports everything that is wrong with it at once. */
public final class SuiteParser {
  private static final JsonViolations ENVELOPE =
      JsonViolations.bySchema(SuiteSchema.envelope(), "key");

  /** A suite that says something twice, or goes on after its end, was edited wrongly. */
  private static final ObjectReader STRICT =
      Json.mapper()
          .reader()
          .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .with(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  private final Map<String, JsonNode> given;
  private final Faults faults = new Faults();
  private final List<String> warnings = new ArrayList<>();

  /**
   * What could be read of a suite.
   *
   * @param suite the suite with those expectations that are valid
   * @param violations what is wrong with the others, and with the suite as a whole
   */
  public record Reading(Suite suite, List<Violation> violations) {
    /** Copies the list. */
    public Reading {
      violations = List.copyOf(violations);
    }
  }

  private SuiteParser(Map<String, JsonNode> given) {
    this.given = given;
  }

  /**
   * Parses a suite.
   *
   * @param json the suite's text
   * @param origin where it comes from, for messages
   * @throws SluiceException of kind CONFIG that lists all violations, each with a JSON pointer and
   *     its place in the text
   */
  public static Suite parse(String json, String origin) {
    return parse(json, origin, Map.of());
  }

  /**
   * Parses a suite with values for its parameters.
   *
   * @param parameters what {@code $PARAMETER} stands for; wins over {@code suite_parameters}
   * @throws SluiceException as above
   */
  public static Suite parse(String json, String origin, Map<String, JsonNode> parameters) {
    Reading reading = read(json, origin, parameters);
    List<String> violations = reading.violations().stream().map(Violation::toString).toList();
    if (!violations.isEmpty()) {
      boolean one = violations.size() == 1;
      throw SluiceException.config(
          "Cannot use suite %s: %d violation%s.%n  %s%nCorrect %s and run check-suite",
          origin,
          violations.size(),
          one ? "" : "s",
          String.join(System.lineSeparator() + "  ", violations),
          one ? "it" : "them");
    }
    return reading.suite();
  }

  /**
   * Reads what can be read of a suite.
   *
   * @throws SluiceException of kind CONFIG where the text is not JSON
   */
  public static Reading read(String json, String origin, Map<String, JsonNode> parameters) {
    return new SuiteParser(parameters).read(json, tree(json, origin));
  }

  private static JsonNode tree(String json, String origin) {
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

  private Reading read(String json, JsonNode tree) {
    JsonPlaces places = JsonPlaces.of(json);
    if (!tree.isObject()) {
      faults.add(Fault.ofValue("", "a suite is a JSON object"));
      return new Reading(Suite.empty(), faults.in(places));
    }
    ObjectNode root = new SuiteNormal(faults, warnings).of(tree);
    faults.addAll(ENVELOPE.in(root, ""));
    Suite suite = suite(root);
    return new Reading(suite, faults.in(places));
  }

  private Suite suite(JsonNode root) {
    JsonNode meta = root.path("meta");
    JsonNode policy = meta.path("sluice");
    Parameters parameters =
        new Parameters(root.path("suite_parameters"), given, Clock.systemUTC(), faults);
    ResultFormat format = format(policy.path("resultFormat"));
    ExpectationReader reader = new ExpectationReader(parameters, format, faults);
    List<Expectation> expectations = new ArrayList<>();
    JsonNode items = root.path("expectations");
    for (int i = 0; i < items.size(); i++) {
      reader.read(items.get(i), "/expectations/" + i).ifPresent(expectations::add);
    }
    List<AnomalyRule> anomalies = anomalies(policy.path("anomalies"), expectations);
    List<String> sensitive = new ArrayList<>();
    policy.path("sensitive").forEach(column -> sensitive.add(column.asText()));
    return new Suite(
        root.path("name").asText(),
        limit(policy.path("limit")),
        policy.path("badInputLimit").asDouble(Suite.DEFAULT_LIMIT),
        expectations,
        warnings,
        Fingerprint.of(root, parameters.values()),
        format,
        sensitive,
        anomalies,
        parameters.values(),
        meta);
  }

  private List<AnomalyRule> anomalies(JsonNode stated, List<Expectation> expectations) {
    Set<String> ids = expectations.stream().map(Expectation::id).collect(Collectors.toSet());
    AnomalyParser.Parsed parsed = AnomalyParser.parse(stated, "/meta/sluice/anomalies", ids);
    for (String violation : parsed.violations()) {
      String[] parts = violation.split(": ", 2); // no pointer into rules holds a colon
      unlessSaid(parts[0], parts[1]);
    }
    return parsed.rules();
  }

  private Limit limit(JsonNode stated) {
    if (stated.isMissingNode()) {
      return Limit.usual();
    }
    try {
      return Limit.of(stated);
    } catch (IllegalArgumentException e) {
      unlessSaid("/meta/sluice/limit", e.getMessage());
      return Limit.usual();
    }
  }

  /** A format that the schema refuses counts as none. */
  private ResultFormat format(JsonNode stated) {
    return stated.isMissingNode() || faults.at("/meta/sluice/resultFormat")
        ? ResultFormat.DEFAULT
        : ResultFormat.DEFAULT.with(stated);
  }

  private void unlessSaid(String pointer, String reason) {
    if (!faults.at(pointer)) {
      faults.add(Fault.ofValue(pointer, reason));
    }
  }
}
