package dev.sluice.quality.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.sluice.model.Json;
import dev.sluice.quality.history.AnomalyParser.Parsed;
import dev.sluice.quality.history.AnomalyRule.Consequence;
import dev.sluice.quality.history.AnomalyRule.Freshness;
import dev.sluice.quality.history.AnomalyRule.RelativeChange;
import dev.sluice.quality.history.AnomalyRule.Window;
import dev.sluice.quality.history.AnomalyRule.ZScore;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.everit.json.schema.Schema;
import org.everit.json.schema.ValidationException;
import org.everit.json.schema.loader.SchemaLoader;
import org.json.JSONArray;
import org.json.JSONObject;
import org.json.JSONTokener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnomalyParserTest {
  private static final Set<String> IDS = Set.of("fare.positive", "newest");

  @Test
  void readsEveryRule() {
    Parsed parsed =
        parse(
            """
            [
              {"id": "a", "metric": "row_count", "rule": "relative-change", "limit": 0.5},
              {"id": "b", "metric": "fare.positive.unexpected_percent", "rule": "relative-change",
               "limit": {"up": 2}, "last": 7, "minimum": 3, "onFailure": "refuse"},
              {"id": "c", "metric": "newest.observed_value", "rule": "z-score", "limit": 3},
              {"id": "d", "metric": "newest.observed_value", "rule": "freshness", "limit": "PT36H"},
              {"id": "e", "rule": "freshness", "limit": "P2D", "onFailure": "refuse"}
            ]
            """);

    assertThat(parsed.violations()).isEmpty();
    assertThat(parsed.rules())
        .containsExactly(
            new RelativeChange("a", "row_count", 0.5, 0.5, new Window(1, 1), Consequence.WARN),
            new RelativeChange(
                "b",
                "fare.positive.unexpected_percent",
                2,
                Double.POSITIVE_INFINITY,
                new Window(7, 3),
                Consequence.REFUSE),
            new ZScore("c", "newest.observed_value", 3, new Window(10, 10), Consequence.WARN),
            new Freshness(
                "d", Optional.of("newest.observed_value"), Duration.ofHours(36), Consequence.WARN),
            new Freshness("e", Optional.empty(), Duration.ofDays(2), Consequence.REFUSE));
  }

  @Test
  void readsNoneWhereThereAreNone() {
    assertThat(AnomalyParser.parse(MissingNode.getInstance(), "/x", IDS))
        .isEqualTo(AnomalyParser.parse(json("null"), "/x", IDS))
        .isEqualTo(parse("[]"));
  }

  @Test
  void listsAllViolationsOfAllRules() {
    Parsed parsed =
        parse(
            """
            [
              {"id": "a b", "metric": "row_cuont", "rule": "relative-change", "limit": 0, "last": 0},
              {"id": "b", "metric": "fare.positiv.observed_value", "rule": "z-score", "limit": "3", "onFailure": "quarantine"},
              {"id": "b", "metric": "newest.observed_valu", "rule": "z-score", "limit": 3, "last": 1.5, "minimum": 20},
              {"id": "c", "rule": "freshness", "limit": "36h", "last": 2},
              {"id": "d", "rule": "relativ-change", "limits": 1},
              {"id": "e", "metric": "row_count", "rule": "relative-change", "limit": {"upp": 1}},
              7
            ]
            """);

    assertThat(parsed.rules()).isEmpty();
    assertThat(parsed.violations())
        .containsExactly(
            "/p/0/id: expected a name of letters, digits, '_', '.' and '-'",
            "/p/0/limit: expected a number above 0",
            "/p/0/metric: 'row_cuont' is no figure of a run. Did you mean 'row_count'? Use row_count,"
                + " rows_read, rows_quarantined, rows_filtered, unsuccessful_expectations, or an"
                + " expectation's id, a dot and one of unexpected_count, unexpected_percent,"
                + " missing_percent, observed_value",
            "/p/0/last: expected a whole number of at least 1",
            "/p/1/onFailure: expected warn or refuse; rows cannot be told apart by such a rule",
            "/p/1/limit: expected a number above 0",
            "/p/1/metric: there is no expectation 'fare.positiv'. Did you mean 'fare.positive'?"
                + " Known: fare.positive, newest",
            "/p/2/id: 'b' is the id of another rule, too",
            "/p/2/last: expected a whole number of at least 2",
            "/p/2/minimum: 20 is more than last, which is 10",
            "/p/2/metric: 'observed_valu' is no figure of an expectation. Did you mean 'observed_value'?"
                + " Known: holds, missing_percent, observed_value, unexpected_count,"
                + " unexpected_percent",
            "/p/3/last: freshness looks at no more than one earlier run",
            "/p/3/limit: expected a time such as PT36H or P2D",
            "/p/4: 'limits' is not known here. Did you mean 'limit'? Known: id, last, limit, metric,"
                + " minimum, onFailure, rule",
            "/p/4/rule: 'relativ-change' is not known. Did you mean 'relative-change'? Known:"
                + " freshness, relative-change, z-score",
            "/p/5/limit: 'upp' is not known here. Known: down, up",
            "/p/6: expected object");
  }

  /** Editors use the schema, runs the parser: what one refuses the other must refuse. */
  @ParameterizedTest(name = "{1}: {0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'id': 'a', 'metric': 'row_count', 'rule': 'relative-change', 'limit': 0.5} | true
          {'id': 'a', 'metric': 'newest.holds', 'rule': 'relative-change', 'limit': {'up': 1, 'down': 2}, 'last': 3, 'minimum': 1} | true
          {'id': 'a', 'metric': 'row_count', 'rule': 'z-score', 'limit': 3, 'last': 2, 'onFailure': 'refuse'} | true
          {'id': 'a', 'rule': 'freshness', 'limit': 'P1DT2H30M1.5S'} | true
          {'id': 'a', 'metric': 'newest.observed_value', 'rule': 'freshness', 'limit': 'PT1M'} | true
          {'metric': 'row_count', 'rule': 'z-score', 'limit': 3} | false
          {'id': 'a b', 'metric': 'row_count', 'rule': 'z-score', 'limit': 3} | false
          {'id': 'a', 'metric': 'rows', 'rule': 'z-score', 'limit': 3} | false
          {'id': 'a', 'metric': 'newest.rows', 'rule': 'z-score', 'limit': 3} | false
          {'id': 'a', 'rule': 'z-score', 'limit': 3} | false
          {'id': 'a', 'metric': 'row_count', 'rule': 'z-score'} | false
          {'id': 'a', 'metric': 'row_count', 'rule': 'z-score', 'limit': 0} | false
          {'id': 'a', 'metric': 'row_count', 'rule': 'z-score', 'limit': {'up': 1}} | false
          {'id': 'a', 'metric': 'row_count', 'rule': 'z-score', 'limit': 3, 'last': 1} | false
          {'id': 'a', 'metric': 'row_count', 'rule': 'z-score', 'limit': 3, 'last': '5'} | false
          {'id': 'a', 'metric': 'row_count', 'rule': 'z-score', 'limit': 3, 'minimum': 1} | false
          {'id': 'a', 'metric': 'row_count', 'rule': 'z-score', 'limit': 3, 'onFailure': 'quarantine'} | false
          {'id': 'a', 'metric': 'row_count', 'rule': 'z-score', 'limit': 3, 'more': 1} | false
          {'id': 'a', 'metric': 'row_count', 'rule': 'median', 'limit': 3} | false
          {'id': 'a', 'metric': 'row_count', 'rule': 'relative-change', 'limit': {}} | false
          {'id': 'a', 'metric': 'row_count', 'rule': 'relative-change', 'limit': {'up': -1}} | false
          {'id': 'a', 'metric': 'row_count', 'rule': 'relative-change', 'limit': {'left': 1}} | false
          {'id': 'a', 'metric': 'row_count', 'rule': 'relative-change', 'limit': '50%'} | false
          {'id': 'a', 'rule': 'freshness', 'limit': 36} | false
          {'id': 'a', 'rule': 'freshness', 'limit': 'P'} | false
          {'id': 'a', 'rule': 'freshness', 'limit': 'PT'} | false
          {'id': 'a', 'rule': 'freshness', 'limit': '-PT1H'} | false
          {'id': 'a', 'rule': 'freshness', 'limit': 'PT1H', 'last': 2} | false
          'text' | false
          """)
  void agreesWithTheSchema(String rule, boolean valid) {
    String json = "[" + rule.replace('\'', '"') + "]";

    assertThat(parse(json).violations().isEmpty()).isEqualTo(valid);
    assertThat(bySchema(json)).isEqualTo(valid);
  }

  private static boolean bySchema(String json) {
    try (InputStream in = AnomalyParser.class.getResourceAsStream("anomaly.schema.json")) {
      Schema schema =
          SchemaLoader.builder()
              .schemaJson(new JSONObject(new JSONTokener(in)))
              .draftV7Support()
              .build()
              .load()
              .build();
      schema.validate(new JSONArray(json));
      return true;
    } catch (ValidationException e) {
      return false;
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Parsed parse(String json) {
    return AnomalyParser.parse(json(json), "/p", IDS);
  }

  private static JsonNode json(String text) {
    try {
      return Json.mapper().readTree(text);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
