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
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The cases of one type of expectation: {@code {"type", "schema", "data", "cases": [{"title",
 * "kwargs", "expect"}]}}, where needed also {@code "tables": {name: {"schema", "data"}}}, and
 * {@code "differs"} with sentences that say what differs from Great Expectations.
 *
 * <p>All cases over the same data are one suite, so that they also show that no expectation
 * disturbs another. A case may bring its own {@code data}, and {@code "expect": {"error": …}} where
 * the suite must be refused with that text; {@code {"unsupported": …}} where the expectation alone
 * goes without an answer, for that reason.
 */
record CaseFile(String type, JsonNode root, JsonNode schema, JsonNode data, List<Case> cases) {
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

    boolean unsupported() {
      return expected().has("unsupported");
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

    /** What it comes to before any row is read. */
    Check check() {
      Suite suite = SuiteParser.parse(suite(List.of(this)), "case.json");
      return SuitePlan.compile(suite, Frames.of(file.schema(), data()).schema(), file.tables())
          .planned()
          .get(0)
          .check();
    }

    /** The suite that asks nothing but this case. */
    Evaluation evaluateAlone() {
      return Evaluation.of(
          suite(List.of(this)), Frames.of(file.schema(), data()), 0, file.tables());
    }
  }

  /** The further tables that its cases name. */
  OtherTables tables() {
    return name ->
        Optional.ofNullable(root.path("tables").get(name))
            .map(table -> Frames.of(table.get("schema"), table.get("data")));
  }

  /** What differs from Great Expectations. */
  List<String> differs() {
    List<String> differs = new ArrayList<>();
    root.path("differs").forEach(one -> differs.add(one.asText()));
    return differs;
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
      CaseFile file = new CaseFile(type, root, root.get("schema"), root.get("data"), cases);
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
          JsonNode results = Evaluation.of(suite(same), frame, 0, tables()).result().get("results");
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
