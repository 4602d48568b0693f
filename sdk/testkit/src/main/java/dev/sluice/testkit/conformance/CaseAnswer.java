package dev.sluice.testkit.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.Json;
import java.util.Optional;

/**
 * What the engine says to one question.
 *
 * @param success whether the expectation holds
 * @param result Great Expectations' {@code result} object
 * @param exception why it could not be answered
 */
record CaseAnswer(boolean success, JsonNode result, Optional<String> exception) {

  /** A question that could not be answered. */
  static CaseAnswer errored(String reason) {
    return new CaseAnswer(false, Json.mapper().createObjectNode(), Optional.of(reason));
  }

  /** Its line in the file of results. */
  String line(CaseLine asked) {
    ObjectNode line = Json.mapper().createObjectNode().put("id", asked.id());
    line.put("success", success);
    line.set("result", result);
    line.put("exception", exception.orElse(null));
    return Json.line(line);
  }
}
