package dev.sluice.quality;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The schema files for editors are those that the records of today make, and mean the same. */
class SuiteSchemaTest {
  private static final Path FOLDER = Path.of("src/main/resources").resolve(SuiteSchema.FOLDER);
  private static final JsonViolations COMPLETE =
      JsonViolations.bySchema(tree(SuiteSchema.files().get("suite.schema.json")), "key");

  /** Every shape that kwargs may have. */
  record Shapes(
      String text,
      int whole,
      Optional<List<List<JsonNode>>> pairs,
      Optional<Ranges> ranges,
      Optional<ObjectNode> object,
      Optional<Map<String, JsonNode>> map,
      Optional<Choice> choice,
      @JsonTypes({"object", "string"}) Optional<JsonNode> objectOrText,
      @JsonTypes({"number", "null"}) Optional<List<JsonNode>> holes,
      Optional<Boolean> yes,
      Optional<Double> mostly) {
    record Ranges(List<Double> quantiles, Optional<List<String>> names) {}

    enum Choice {
      ANY,
      BOTH_VALUES_ARE_MISSING
    }
  }

  static final class ShapesType implements ExpectationType<Shapes> {
    @Override
    public String name() {
      return "expect_shapes";
    }

    @Override
    public Class<Shapes> kwargs() {
      return Shapes.class;
    }

    @Override
    public Check compile(Shapes kwargs, Scope scope) {
      throw new IllegalArgumentException("only its kwargs are of interest");
    }
  }

  @Test
  void theFilesAreUpToDate() throws IOException {
    Map<String, String> files = SuiteSchema.files();
    if (Boolean.getBoolean("golden.update")) {
      for (Path old : made()) {
        Files.delete(FOLDER.resolve(old));
      }
      for (Map.Entry<String, String> file : files.entrySet()) {
        Files.createDirectories(FOLDER.resolve(file.getKey()).getParent());
        Files.writeString(FOLDER.resolve(file.getKey()), file.getValue());
      }
    }
    String update =
        "if the change is wanted, run ./mvnw test -pl sdk/quality -am -Dtest=SuiteSchemaTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dgolden.update=true";
    assertThat(made().stream().map(path -> path.toString().replace('\\', '/')))
        .as(update)
        .containsExactlyInAnyOrderElementsOf(files.keySet());
    for (Map.Entry<String, String> file : files.entrySet()) {
      assertThat(Files.readString(FOLDER.resolve(file.getKey())))
          .as("%s; %s", file.getKey(), update)
          .isEqualTo(file.getValue());
    }
  }

  private static List<Path> made() throws IOException {
    try (Stream<Path> all = Files.walk(FOLDER)) {
      return all.filter(Files::isRegularFile)
          .map(FOLDER::relativize)
          .filter(path -> !path.toString().equals("envelope.schema.json"))
          .toList();
    }
  }

  static Stream<CaseFile.Case> cases() {
    return CaseFile.types().stream()
        .flatMap(type -> CaseFile.read(type).cases().stream())
        // Only the parser can know whether somebody gives a value.
        .filter(one -> !one.node().get("kwargs").toString().contains("$PARAMETER"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void editorsAndTheParserAgree(CaseFile.Case one) {
    ObjectNode suite = Json.mapper().createObjectNode().put("name", "s");
    ObjectNode item = suite.putArray("expectations").addObject().put("type", one.file().type());
    item.set("kwargs", one.node().get("kwargs"));

    boolean parsed = SuiteParser.read(suite.toString(), "s", Map.of()).violations().isEmpty();

    assertThat(COMPLETE.in(suite, "").isEmpty()).as(suite.toString()).isEqualTo(parsed);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0007',
      textBlock =
          """
          {"column": "a", "min_value": {"$PARAMETER": "low * 2"}, "mostly": {"$PARAMETER": "share"}} | true
          {"column": "a", "min_value": {"$PARAMETE": "low"}}                                          | false
          {"column": "a", "min_value": 1, "row_condition": "a > 1", "condition_parser": "spark"}      | true
          {"column": "a", "min_value": 1, "row_condition": "a > 1", "condition_parser": "sparc"}      | false
          {"column": "a", "row_condition": {"type": "or", "conditions": [{"type": "nullity", "column": {"name": "a"}, "is_null": true}]}} | true
          {"column": "a", "row_condition": {"type": "or", "conditions": [{"type": "nulity"}]}}        | false
          {"column": "a", "result_format": {"result_format": "COMPLETE", "unexpected_index_column_names": ["a"]}} | true
          {"column": "a", "result_format": "ALL"}                                                     | false
          {"colum": "a"}                                                                              | false
          """)
  void editorsKnowWhatPeopleWrite(String kwargs, boolean valid) {
    ObjectNode suite = Json.mapper().createObjectNode().put("name", "s");
    ArrayNode items = suite.putArray("expectations");
    items.addObject().put("type", "expect_column_values_to_be_between").set("kwargs", tree(kwargs));

    assertThat(COMPLETE.in(suite, "").isEmpty()).isEqualTo(valid);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0007',
      textBlock =
          """
          "pairs": [[1, "a"], [true, 2.5], []] | -
          "pairs": [1]                         | /pairs/0: expected array, found number
          "pairs": [[null]]                    | /pairs/0/0: expected boolean or number or string, found null
          "ranges": {"quantiles": [0.5]}       | -
          "ranges": {"quantiles": [], "names": ["a"]} | -
          "ranges": {"quantiles": [], "names": []} | /ranges/names: expected minimum item count: 1, found: 0
          "ranges": {"quantile": [0.5]}        | /ranges: required key [quantiles] not found,/ranges/quantile: unknown kwarg 'quantile'. Did you mean 'quantiles'?
          "ranges": 5                          | /ranges: expected object, found number
          "object": {"any": [1, {}]}           | -
          "object": "text"                     | /object: expected object, found string
          "map": {"any": 1}                    | -
          "choice": "any"                      | -
          "choice": "both_values_are_missing"  | -
          "choice": "all"                      | /choice: all is not one of any, both_values_are_missing
          "object_or_text": {"type": "object"} | -
          "object_or_text": "{}"               | -
          "object_or_text": 5                  | /object_or_text: expected object or string, found number
          "holes": [1, null]                   | -
          "holes": ["a"]                       | /holes/0: expected number, found string
          "yes": "yes"                         | /yes: expected boolean, found string
          "mostly": 2                          | /mostly: 2 is not less or equal to 1
          "row_condition": 5                   | /row_condition: expected object or string, found number
          """)
  void everyShapeOfKwargsHasItsSchema(String member, String faults) {
    JsonNode kwargs = tree("{\"text\": \"t\", \"whole\": 3, " + member + "}");

    assertThat(
            JsonViolations.bySchema(KwargsSchema.of(new ShapesType()), "kwarg")
                .in(kwargs, "")
                .stream()
                .map(fault -> fault.pointer() + ": " + fault.reason()))
        .containsExactlyInAnyOrder(faults.equals("-") ? new String[0] : faults.split(",(?=/)"));
  }

  @Test
  void kwargsBecomeTheirRecord() {
    Shapes shapes =
        KwargsSchema.bind(
            Shapes.class,
            tree(
                """
                {"text": "t", "whole": 3, "pairs": [[1, "a"]], "choice": "both_values_are_missing",
                 "ranges": {"quantiles": [0.5]}, "object": {"a": 1}, "object_or_text": "x",
                 "map": {"k": 2}}
                """));

    assertThat(shapes.whole()).isEqualTo(3);
    assertThat(shapes.pairs().orElseThrow().get(0)).containsExactly(tree("1"), tree("\"a\""));
    assertThat(shapes.choice()).contains(Shapes.Choice.BOTH_VALUES_ARE_MISSING);
    assertThat(shapes.ranges().orElseThrow())
        .isEqualTo(new Shapes.Ranges(List.of(0.5), Optional.empty()));
    assertThat(shapes.object()).contains((ObjectNode) tree("{\"a\": 1}"));
    assertThat(shapes.map()).contains(Map.of("k", tree("2")));
    assertThat(shapes.objectOrText()).contains(tree("\"x\""));
    assertThat(shapes.mostly()).isEmpty();
  }

  private static JsonNode tree(String json) {
    try {
      return Json.mapper().readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
