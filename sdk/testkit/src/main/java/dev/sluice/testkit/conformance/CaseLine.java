package dev.sluice.testkit.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One question with the answer it should get.
 *
 * @param id its name in the file of cases
 * @param type the type of expectation
 * @param kwargs the arguments, with the result format that its answer is wanted in
 * @param expected what the answer must hold
 * @param exact whether every key of the expected result must be there
 * @param tolerance the relative distance that an observed number may have
 * @param tags what the file says of it
 */
record CaseLine(
    String id,
    String type,
    JsonNode kwargs,
    JsonNode expected,
    boolean exact,
    Optional<Double> tolerance,
    List<String> tags) {

  /** Reads it from its line. */
  static CaseLine of(JsonNode line) {
    ObjectNode kwargs = Json.mapper().createObjectNode();
    kwargs.setAll((ObjectNode) line.path("kwargs").deepCopy());
    if (!kwargs.hasNonNull("result_format")) {
      kwargs.set("result_format", line.get("result_format"));
    }
    List<String> tags = new ArrayList<>();
    line.path("tags").forEach(tag -> tags.add(tag.asText()));
    return new CaseLine(
        line.get("id").asText(),
        line.get("expectation_type").asText(),
        kwargs,
        line.get("expected"),
        line.path("exact").asBoolean(),
        line.hasNonNull("tolerance")
            ? Optional.of(line.get("tolerance").asDouble())
            : Optional.empty(),
        tags);
  }

  /** Whether it says anything of the answer, of a type that some engine on Spark has. */
  boolean asserts() {
    return !tags.contains("no_assert") && !tags.contains("stub");
  }

  /** It as an expectation of a suite. */
  ObjectNode expectation() {
    ObjectNode expectation = Json.mapper().createObjectNode().put("type", type);
    expectation.set("kwargs", kwargs);
    return expectation;
  }
}
