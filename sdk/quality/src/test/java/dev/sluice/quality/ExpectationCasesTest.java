package dev.sluice.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.ErrorKind;
import dev.sluice.model.Json;
import dev.sluice.model.SluiceException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every type of expectation over the cases of its file, through the path that a run takes. */
class ExpectationCasesTest {
  /** Whatever of these a result holds, a case must expect, and the other way round. */
  private static final List<String> COMPARED =
      List.of(
          "element_count",
          "missing_count",
          "unexpected_count",
          "partial_unexpected_list",
          "partial_missing_list",
          "observed_value",
          "details");

  private static final String WITH_ANSI = "true";
  private static final String WITHOUT_ANSI = "false";
  private static final Map<String, Map<Integer, JsonNode>> EVALUATED = new HashMap<>();

  static Stream<CaseFile.Case> answered() {
    return cases().filter(one -> !one.refused() && !one.unsupported());
  }

  static Stream<CaseFile.Case> unsupported() {
    return cases().filter(CaseFile.Case::unsupported);
  }

  static Stream<CaseFile.Case> refused() {
    return cases().filter(CaseFile.Case::refused);
  }

  private static Stream<CaseFile.Case> cases() {
    return CaseFile.types().stream().flatMap(type -> CaseFile.read(type).cases().stream());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("answered")
  void answersAsExpected(CaseFile.Case one) {
    JsonNode expected = normal(one.expected());

    assertThat(answer(one, WITH_ANSI)).as("%s, with ANSI", one).isEqualTo(expected);
    assertThat(answer(one, WITHOUT_ANSI)).as("%s, without ANSI", one).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void refusesTheSuiteBeforeAnyRowIsRead(CaseFile.Case one) {
    String reason = one.expected().get("error").asText();

    assertThatExceptionOfType(SluiceException.class)
        .as("%s", one)
        .isThrownBy(one::evaluateAlone)
        .satisfies(e -> assertThat(e.kind()).isEqualTo(ErrorKind.CONFIG))
        .satisfies(e -> assertThat(withoutPlaces(e.getMessage())).contains("  " + reason));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unsupported")
  void saysWhatNobodyAnswersOnSpark(CaseFile.Case one) {
    JsonNode item = one.evaluateAlone().result().get("results").get(0);

    assertThat(item.at("/meta/sluice/status").asText()).isEqualTo("errored");
    assertThat(item.at("/exception_info/exception_message"))
        .isEqualTo(one.expected().get("unsupported"));
  }

  @Test
  void everyKnownTypeHasItsCases() {
    assertThat(CaseFile.types())
        .as("a type needs src/test/resources/dev/sluice/quality/cases/<type>.json")
        .containsExactlyElementsOf(ExpectationTypes.names());
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"true", "false"})
  void everyTypeIsSeenToHoldAndSeenToFail(boolean success) {
    for (String type : answered().map(one -> one.file().type()).distinct().toList()) {
      assertThat(CaseFile.read(type).cases())
          .as("%s with success %s", type, success)
          .anyMatch(one -> one.expected().path("success").asBoolean(!success) == success);
    }
  }

  /** The line and column of a generated suite mean nothing to a reader of the cases. */
  private static Stream<String> withoutPlaces(String message) {
    return message.lines().map(line -> line.replaceFirst(" \\(line \\d+, column \\d+\\)", ""));
  }

  private static ObjectNode answer(CaseFile.Case one, String ansi) {
    JsonNode item =
        EVALUATED
            .computeIfAbsent(one.file().type() + ansi, any -> evaluate(one.file(), ansi))
            .get(one.index());
    assertThat(item.at("/exception_info/raised_exception").asBoolean()).isFalse();
    assertThat(item.at("/expectation_config/kwargs"))
        .as("the expectation comes back as it stands in the suite")
        .isEqualTo(one.node().get("kwargs"));
    ObjectNode answer = Json.mapper().createObjectNode();
    answer.set("success", item.get("success"));
    for (String key : COMPARED) {
      if (item.get("result").has(key)) {
        answer.set(key, item.get("result").get(key));
      }
    }
    return normal(answer);
  }

  /**
   * With ANSI, which is what runs have, the rows are stored, so that Spark generates code over
   * them; without it they stay local, and Spark interprets.
   */
  private static Map<Integer, JsonNode> evaluate(CaseFile file, String ansi) {
    UnaryOperator<Dataset<Row>> how = rows -> ansi.equals(WITH_ANSI) ? rows.cache() : rows;
    return LocalSpark.with("spark.sql.ansi.enabled", ansi, () -> file.evaluate(how));
  }

  /** Samples come in any order. */
  private static ObjectNode normal(JsonNode expected) {
    ObjectNode normal = expected.deepCopy();
    if (normal.has("partial_unexpected_list")) {
      List<JsonNode> samples = new ArrayList<>();
      StreamSupport.stream(normal.get("partial_unexpected_list").spliterator(), false)
          .sorted(Comparator.comparing(JsonNode::toString))
          .forEach(samples::add);
      normal.putArray("partial_unexpected_list").addAll(samples);
    }
    return normal;
  }
}
