package dev.sluice.quality.history;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.model.Receipt;
import dev.sluice.quality.history.Metric.Origin;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The figures of a run: those of its rows, and a few of each expectation. */
public final class Metrics {
  /** The figures of a whole run: rows written, read, quarantined, filtered, and failed checks. */
  public static final List<String> OF_RUN =
      List.of(
          "row_count",
          "rows_read",
          "rows_quarantined",
          "rows_filtered",
          "unsuccessful_expectations");

  /** The figures of an expectation; each has those that its result holds. */
  public static final List<String> OF_EXPECTATION =
      List.of("unexpected_count", "unexpected_percent", "missing_percent", "observed_value");

  /** The figure of an expectation whose result holds none of these: 1 if it holds, else 0. */
  public static final String HOLDS = "holds";

  /** The figure of an expectation that could not be answered; its text says why. */
  public static final String ERRORED = "errored";

  private static final int TEXT_LENGTH = 1_000;

  private final Origin origin;
  private final List<Metric> metrics = new ArrayList<>();

  private Metrics(Origin origin) {
    this.origin = origin;
  }

  /**
   * The figures of a run.
   *
   * @param origin the run
   * @param rows what became of its rows; {@code row_count} is what it writes
   * @param validation Great Expectations' validation result, 1.x, as {@code ValidationResult}
   *     writes it
   */
  public static List<Metric> of(Origin origin, Receipt.Rows rows, JsonNode validation) {
    return new Metrics(origin).of(rows, validation.path("results"));
  }

  private List<Metric> of(Receipt.Rows rows, JsonNode results) {
    long unsuccessful = 0;
    for (JsonNode item : results) {
      unsuccessful += item.path("success").asBoolean() ? 0 : 1;
    }
    ofRun("row_count", rows.written());
    ofRun("rows_read", rows.read());
    ofRun("rows_quarantined", rows.quarantined());
    ofRun("rows_filtered", rows.filtered());
    ofRun("unsuccessful_expectations", unsuccessful);
    Set<String> taken = new LinkedHashSet<>();
    for (JsonNode item : results) {
      ofExpectation(item, unique(id(item), taken));
    }
    return List.copyOf(metrics);
  }

  private void ofRun(String name, long count) {
    metrics.add(
        new Metric(
            origin,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            name,
            Optional.of((double) count),
            exact(BigDecimal.valueOf(count)),
            Optional.empty()));
  }

  private void ofExpectation(JsonNode item, String id) {
    JsonNode exception = item.path("exception_info");
    Map<String, JsonNode> figures = new LinkedHashMap<>();
    for (String name : OF_EXPECTATION) {
      if (item.path("result").hasNonNull(name)) {
        figures.put(name, item.path("result").get(name));
      }
    }
    if (errored(item, exception)) {
      String why = exception.path("exception_message").asText("");
      add(item, id, ERRORED, Optional.of(1.0), Optional.of(cut(why)));
    } else if (figures.isEmpty()) {
      double holds = item.path("success").asBoolean() ? 1 : 0;
      add(item, id, HOLDS, Optional.of(holds), Optional.empty());
    }
    figures.forEach((name, figure) -> add(item, id, name, value(figure), text(figure)));
  }

  private void add(
      JsonNode item, String id, String name, Optional<Double> value, Optional<String> text) {
    JsonNode config = item.path("expectation_config");
    List<String> columns = columns(config.path("kwargs"));
    metrics.add(
        new Metric(
            origin,
            Optional.of(id),
            Optional.of(config.path("type").asText()),
            columns.isEmpty() ? Optional.empty() : Optional.of(String.join(",", columns)),
            name,
            value,
            text,
            Optional.of(item.path("success").asBoolean())));
  }

  private static boolean errored(JsonNode item, JsonNode exception) {
    return item.path("meta").path("sluice").path("status").asText().equals(ERRORED)
        || exception.path("raised_exception").asBoolean();
  }

  private static Optional<Double> value(JsonNode figure) {
    return figure.isNumber() ? Optional.of(figure.doubleValue()) : Optional.empty();
  }

  private static Optional<String> text(JsonNode figure) {
    if (figure.isFloat() || figure.isDouble()) {
      return Optional.empty();
    }
    if (figure.isNumber()) {
      return exact(figure.decimalValue());
    }
    return Optional.of(cut(figure.isTextual() ? figure.asText() : figure.toString()));
  }

  /** The number as text, where a double is not the same number. */
  private static Optional<String> exact(BigDecimal number) {
    double value = number.doubleValue();
    return Double.isFinite(value) && new BigDecimal(value).compareTo(number) == 0
        ? Optional.empty()
        : Optional.of(number.toPlainString());
  }

  private static String cut(String text) {
    return text.codePointCount(0, text.length()) <= TEXT_LENGTH
        ? text
        : text.substring(0, text.offsetByCodePoints(0, TEXT_LENGTH)) + "…";
  }

  private static String id(JsonNode item) {
    JsonNode config = item.path("expectation_config");
    for (JsonNode meta : List.of(item.path("meta"), config.path("meta"))) {
      if (meta.path("sluice").path("id").isTextual()) {
        return meta.path("sluice").path("id").asText();
      }
    }
    String type = config.path("type").asText().replaceFirst("^expect_", "");
    List<String> columns = columns(config.path("kwargs"));
    return columns.isEmpty() ? type : type + "." + String.join("-", columns);
  }

  /** The second of a name gets a number, as a suite gives it. */
  private static String unique(String base, Set<String> taken) {
    String id = base;
    for (int copy = 2; !taken.add(id); copy++) {
      id = base + "-" + copy;
    }
    return id;
  }

  private static List<String> columns(JsonNode kwargs) {
    List<String> columns = new ArrayList<>();
    for (String name : List.of("column", "column_A", "column_B")) {
      if (kwargs.path(name).isTextual()) {
        columns.add(kwargs.get(name).asText());
      }
    }
    kwargs.path("column_list").forEach(column -> columns.add(column.asText()));
    return columns;
  }
}
