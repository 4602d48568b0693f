package dev.sluice.testkit.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.Json;
import dev.sluice.model.SluiceException;
import dev.sluice.quality.OtherTables;
import dev.sluice.quality.SuiteParser;
import dev.sluice.quality.Validation;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Puts all questions to one data set as one suite, so that none may disturb another. */
final class Engine {
  private Engine() {}

  /** The answers, in the order of the questions. */
  static Map<CaseLine, CaseAnswer> ask(
      List<CaseLine> cases, Dataset<Row> rows, OtherTables tables) {
    Map<CaseLine, CaseAnswer> answers = new LinkedHashMap<>();
    List<CaseLine> readable = new ArrayList<>();
    for (CaseLine one : cases) {
      Optional<String> fault = fault(one);
      answers.put(one, CaseAnswer.errored(fault.orElse("not asked")));
      if (fault.isEmpty()) {
        readable.add(one);
      }
    }
    JsonNode results = results(suite(readable), rows, tables);
    for (int i = 0; i < readable.size(); i++) {
      answers.put(readable.get(i), answer(results.get(i)));
    }
    return answers;
  }

  /** A suite is read whole or not at all; so each question is first read alone. */
  private static Optional<String> fault(CaseLine one) {
    try {
      SuiteParser.parse(suite(List.of(one)), one.id());
      return Optional.empty();
    } catch (SluiceException e) {
      return Optional.of(e.getMessage());
    }
  }

  private static String suite(List<CaseLine> cases) {
    ObjectNode suite = Json.mapper().createObjectNode().put("name", "conformance");
    ArrayNode expectations = suite.putArray("expectations");
    cases.forEach(one -> expectations.add(one.expectation()));
    return Json.line(suite);
  }

  private static JsonNode results(String suite, Dataset<Row> rows, OtherTables tables) {
    Validation validation = Validation.of(SuiteParser.parse(suite, "conformance"), rows, tables);
    try {
      return Json.mapper().readTree(Json.line(validation.result())).get("results");
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static CaseAnswer answer(JsonNode item) {
    JsonNode exception = item.get("exception_info");
    return new CaseAnswer(
        item.get("success").asBoolean(),
        item.get("result"),
        exception.get("raised_exception").asBoolean()
            ? Optional.of(exception.get("exception_message").asText())
            : Optional.empty());
  }
}
