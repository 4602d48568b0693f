package dev.sluice.quality;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The cases of one type of expectation: {@code {"type", "schema", "data", "cases": [{"title",
 * "kwargs", "expect"}]}}.
 *
 * <p>All cases over the same data are one suite, so that they also show that no expectation
 * disturbs another. A case may bring its own {@code data}, and {@code "expect": {"error": …}} where
 * the suite must be refused with that text.
 */
record CaseFile(String type, JsonNode schema, JsonNode data, List<Case> cases) {
  private static final Path FOLDER = Path.of("src/test/resources/dev/sluice/quality/cases");

  /** One case; its name is what a test report shows. */
  record Case(CaseFile file, int index, String title, JsonNode node) {
    @Override
    public String toString() {
      return file.type().replaceFirst("^expect_", "") + ": " + title;
    }

    JsonNode expected() {
      return node.get("expect");
    }

    boolean refused() {
      return expected().has("error");
    }

    private JsonNode data() {
      return node.path("data").isObject() ? node.get("data") : file.data();
    }

    private ObjectNode expectation() {
      ObjectNode expectation = Json.mapper().createObjectNode().put("type", file.type());
      expectation.set("kwargs", node.get("kwargs"));
      expectation.putObject("meta").putObject("sluice").put("id", "case-" + index);
      return expectation;
    }

    /** The suite that asks nothing but this case. */
    Evaluation evaluateAlone() {
      return Evaluation.of(suite(List.of(this)), Frames.of(file.schema(), data()));
    }
  }

  /** The types that have a file. */
  static List<String> types() {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .map(file -> file.getFileName().toString().replace(".json", ""))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static CaseFile read(String type) {
    try {
      JsonNode root = Json.mapper().readTree(Files.readString(FOLDER.resolve(type + ".json")));
      List<Case> cases = new ArrayList<>();
      CaseFile file = new CaseFile(type, root.get("schema"), root.get("data"), cases);
      for (JsonNode node : root.get("cases")) {
        cases.add(new Case(file, cases.size(), node.get("title").asText(), node));
      }
      if (!root.get("type").asText().equals(type)) {
        throw new IllegalArgumentException(type + ".json is about " + root.get("type"));
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The items of the validation result, by the index of their case. */
  Map<Integer, JsonNode> evaluate(UnaryOperator<Dataset<Row>> how) {
    Map<JsonNode, List<Case>> byData = new LinkedHashMap<>();
    cases.stream()
        .filter(one -> !one.refused())
        .forEach(one -> byData.computeIfAbsent(one.data(), any -> new ArrayList<>()).add(one));
    Map<Integer, JsonNode> items = new HashMap<>();
    byData.forEach(
        (rows, same) -> {
          Dataset<Row> frame = how.apply(Frames.of(schema, rows));
          JsonNode results = Evaluation.of(suite(same), frame).result().get("results");
          for (int i = 0; i < same.size(); i++) {
            items.put(same.get(i).index(), results.get(i));
          }
        });
    return items;
  }

  private static String suite(List<Case> cases) {
    ObjectNode suite = Json.mapper().createObjectNode().put("name", "cases");
    ArrayNode expectations = suite.putArray("expectations");
    cases.forEach(one -> expectations.add(one.expectation()));
    return suite.toString();
  }
}
