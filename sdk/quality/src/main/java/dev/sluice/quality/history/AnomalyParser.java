package dev.sluice.quality.history;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.model.Nearest;
import dev.sluice.quality.history.AnomalyRule.Consequence;
import dev.sluice.quality.history.AnomalyRule.Freshness;
import dev.sluice.quality.history.AnomalyRule.RelativeChange;
import dev.sluice.quality.history.AnomalyRule.Window;
import dev.sluice.quality.history.AnomalyRule.ZScore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads a suite's anomaly rules and reports everything that is wrong with them at once. */
public final class AnomalyParser {
  private static final Set<String> KEYS =
      new TreeSet<>(Set.of("id", "metric", "rule", "limit", "last", "minimum", "onFailure"));
  private static final Set<String> RULES =
      new TreeSet<>(Set.of("relative-change", "z-score", "freshness"));
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_.-]+");
  private static final Pattern TIME =
      Pattern.compile(
          "P(?=.)(\\d{1,9}D)?(T(?=.)(\\d{1,9}H)?(\\d{1,9}M)?(\\d{1,9}(\\.\\d{1,9})?S)?)?");
  private static final int Z_SCORE_LAST = 10;

  private final Set<String> expectationIds;
  private final Set<String> ids = new HashSet<>();
  private final List<String> violations = new ArrayList<>();

  private AnomalyParser(Set<String> expectationIds) {
    this.expectationIds = new TreeSet<>(expectationIds);
  }

  /**
   * What was read.
   *
   * @param rules the rules; without those that are wrong
   * @param violations what is wrong, each with a JSON pointer
   */
  public record Parsed(List<AnomalyRule> rules, List<String> violations) {}

  /**
   * Reads rules.
   *
   * @param anomalies the list; missing or null for none
   * @param pointer where it stands in its document, such as {@code /meta/sluice/anomalies}
   * @param expectationIds the ids of the suite's expectations, of whose figures rules may speak
   */
  public static Parsed parse(JsonNode anomalies, String pointer, Set<String> expectationIds) {
    return new AnomalyParser(expectationIds).parse(anomalies, pointer);
  }

  private Parsed parse(JsonNode anomalies, String pointer) {
    List<AnomalyRule> rules = new ArrayList<>();
    if (!anomalies.isMissingNode() && !anomalies.isNull() && !anomalies.isArray()) {
      violations.add(pointer + ": expected array");
    } else {
      for (int i = 0; i < anomalies.size(); i++) {
        rule(anomalies.get(i), pointer + "/" + i).ifPresent(rules::add);
      }
    }
    return new Parsed(List.copyOf(rules), List.copyOf(violations));
  }

  private Optional<AnomalyRule> rule(JsonNode node, String pointer) {
    if (!node.isObject()) {
      violations.add(pointer + ": expected object");
      return Optional.empty();
    }
    int before = violations.size();
    node.fieldNames().forEachRemaining(key -> known(key, pointer));
    String id = id(node, pointer);
    Consequence onFailure = onFailure(node, pointer);
    String name = node.path("rule").asText();
    Optional<AnomalyRule> rule =
        switch (name) {
          case "relative-change" -> Optional.of(relativeChange(node, pointer, id, onFailure));
          case "z-score" -> Optional.of(zScore(node, pointer, id, onFailure));
          case "freshness" -> Optional.of(freshness(node, pointer, id, onFailure));
          default -> {
            violations.add(
                pointer
                    + "/rule: "
                    + (name.isEmpty() ? "is needed. " : "'" + name + "' is not known. ")
                    + Nearest.hint(name, RULES));
            yield Optional.empty();
          }
        };
    return violations.size() == before ? rule : Optional.empty();
  }

  private void known(String key, String pointer) {
    if (!KEYS.contains(key)) {
      violations.add(pointer + ": '" + key + "' is not known here. " + Nearest.hint(key, KEYS));
    }
  }

  private String id(JsonNode node, String pointer) {
    JsonNode id = node.path("id");
    if (!id.isTextual() || !ID.matcher(id.asText()).matches()) {
      violations.add(pointer + "/id: expected a name of letters, digits, '_', '.' and '-'");
    } else if (!ids.add(id.asText())) {
      violations.add(pointer + "/id: '" + id.asText() + "' is the id of another rule, too");
    }
    return id.asText();
  }

  private Consequence onFailure(JsonNode node, String pointer) {
    JsonNode given = node.path("onFailure");
    for (Consequence consequence : Consequence.values()) {
      if (consequence.name().toLowerCase(Locale.ROOT).equals(given.asText())) {
        return consequence;
      }
    }
    if (!given.isMissingNode()) {
      violations.add(
          pointer
              + "/onFailure: expected warn or refuse; rows cannot be told apart by such a rule");
    }
    return Consequence.WARN;
  }

  private RelativeChange relativeChange(
      JsonNode node, String pointer, String id, Consequence onFailure) {
    JsonNode limit = node.path("limit");
    double up = Double.POSITIVE_INFINITY;
    double down = Double.POSITIVE_INFINITY;
    if (limit.isObject() && !limit.isEmpty()) {
      for (String key : new TreeSet<>(fields(limit))) {
        if (key.equals("up")) {
          up = positive(limit.get(key), pointer + "/limit/up");
        } else if (key.equals("down")) {
          down = positive(limit.get(key), pointer + "/limit/down");
        } else {
          violations.add(pointer + "/limit: '" + key + "' is not known here. Known: down, up");
        }
      }
    } else if (limit.isNumber()) {
      up = positive(limit, pointer + "/limit");
      down = up;
    } else {
      violations.add(
          pointer + "/limit: expected a number above 0, or an object with up, down or both");
    }
    return new RelativeChange(
        id, metric(node, pointer), up, down, window(node, pointer, 1, 1), onFailure);
  }

  private ZScore zScore(JsonNode node, String pointer, String id, Consequence onFailure) {
    double limit = positive(node.path("limit"), pointer + "/limit");
    Window window = window(node, pointer, Z_SCORE_LAST, 2);
    return new ZScore(id, metric(node, pointer), limit, window, onFailure);
  }

  private Freshness freshness(JsonNode node, String pointer, String id, Consequence onFailure) {
    for (String key : List.of("last", "minimum")) {
      if (node.has(key)) {
        violations.add(pointer + "/" + key + ": freshness looks at no more than one earlier run");
      }
    }
    Optional<String> metric =
        node.has("metric") ? Optional.of(metric(node, pointer)) : Optional.empty();
    return new Freshness(id, metric, duration(node.path("limit"), pointer), onFailure);
  }

  private Duration duration(JsonNode limit, String pointer) {
    if (limit.isTextual() && TIME.matcher(limit.asText()).matches()) {
      Duration duration = Duration.parse(limit.asText());
      if (!duration.isZero()) {
        return duration;
      }
    }
    violations.add(pointer + "/limit: expected a time such as PT36H or P2D");
    return Duration.ZERO;
  }

  private String metric(JsonNode node, String pointer) {
    JsonNode metric = node.path("metric");
    if (!metric.isTextual()) {
      violations.add(pointer + "/metric: is needed. " + ofRun());
      return "";
    }
    String key = metric.asText();
    int dot = key.lastIndexOf('.');
    Set<String> figures = new TreeSet<>(Metrics.OF_EXPECTATION);
    figures.add(Metrics.HOLDS);
    if (dot < 0) {
      if (!Metrics.OF_RUN.contains(key)) {
        violations.add(
            pointer + "/metric: '" + key + "' is no figure of a run. " + hint(key) + ofRun());
      }
    } else if (!expectationIds.contains(key.substring(0, dot))) {
      violations.add(
          pointer
              + "/metric: there is no expectation '"
              + key.substring(0, dot)
              + "'. "
              + Nearest.hint(key.substring(0, dot), expectationIds));
    } else if (!figures.contains(key.substring(dot + 1))) {
      violations.add(
          pointer
              + "/metric: '"
              + key.substring(dot + 1)
              + "' is no figure of an expectation. "
              + Nearest.hint(key.substring(dot + 1), figures));
    }
    return key;
  }

  private static String hint(String key) {
    return Nearest.to(key, Metrics.OF_RUN).map(near -> "Did you mean '" + near + "'? ").orElse("");
  }

  private static String ofRun() {
    return "Use "
        + String.join(", ", Metrics.OF_RUN)
        + ", or an expectation's id, a dot and one of "
        + String.join(", ", Metrics.OF_EXPECTATION);
  }

  private Window window(JsonNode node, String pointer, int usual, int least) {
    int last = whole(node, "last", pointer, usual, least);
    int minimum = whole(node, "minimum", pointer, last, least);
    if (minimum > last) {
      violations.add(pointer + "/minimum: " + minimum + " is more than last, which is " + last);
    }
    return new Window(last, minimum);
  }

  private int whole(JsonNode node, String key, String pointer, int usual, int least) {
    JsonNode given = node.path(key);
    if (given.isMissingNode()) {
      return usual;
    }
    if (!given.canConvertToInt() || !given.isIntegralNumber() || given.asInt() < least) {
      violations.add(pointer + "/" + key + ": expected a whole number of at least " + least);
      return usual;
    }
    return given.asInt();
  }

  private double positive(JsonNode number, String pointer) {
    if (!number.isNumber() || !(number.asDouble() > 0) || !Double.isFinite(number.asDouble())) {
      violations.add(pointer + ": expected a number above 0");
    }
    return number.asDouble();
  }

  private static List<String> fields(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
