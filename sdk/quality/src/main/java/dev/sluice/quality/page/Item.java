package dev.sluice.quality.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One answer of a validation result.
 *
 * @param anchor names its place in the page
 * @param id what the gate calls its expectation
 * @param status whether it holds
 * @param config the expectation as it stands in the suite
 * @param result Great Expectations' {@code result} object
 * @param onFailure what the gate does where it does not hold; empty where the result is silent
 * @param severity how much it matters; empty for the usual
 * @param error why it could not be answered
 */
record Item(
    String anchor,
    String id,
    Status status,
    JsonNode config,
    JsonNode result,
    Optional<String> onFailure,
    Optional<String> severity,
    Optional<String> error) {

  /** Whether an expectation holds. */
  enum Status {
    ERRORED,
    FAILED,
    PASSED
  }

  /** All answers, in the suite's order. */
  static List<Item> of(JsonNode validation) {
    List<Item> items = new ArrayList<>();
    for (JsonNode node : validation.path("results")) {
      items.add(of(node, "check-" + (items.size() + 1)));
    }
    return items;
  }

  private static Item of(JsonNode node, String anchor) {
    JsonNode config = node.path("expectation_config");
    List<JsonNode> policies =
        List.of(node.path("meta").path("sluice"), config.path("meta").path("sluice"));
    return new Item(
        anchor,
        first(policies, "id").orElseGet(() -> described(config)),
        status(node),
        config,
        node.path("result"),
        first(policies, "onFailure"),
        text(config.path("severity")),
        error(node.path("exception_info")));
  }

  /** The expectation's arguments. */
  Kwargs kwargs() {
    return new Kwargs(config.path("kwargs"));
  }

  /** Its type, as the suite names it; older suites use another word for it. */
  String type() {
    return typeOf(config);
  }

  /** What it asks, in words. */
  String sentence() {
    return Sentences.of(type(), kwargs());
  }

  /** The columns it looks at; none for a check of the whole table. */
  List<String> columns() {
    return type().startsWith("expect_table_") ? List.of() : kwargs().columns();
  }

  /** These columns in one text. */
  Optional<String> subject() {
    List<String> columns = columns();
    return columns.isEmpty() ? Optional.empty() : Optional.of(String.join(" · ", columns));
  }

  private static Status status(JsonNode node) {
    JsonNode said = node.path("meta").path("sluice").path("status");
    for (Status status : Status.values()) {
      if (status.name().toLowerCase(Locale.ROOT).equals(said.asText())) {
        return status;
      }
    }
    if (raised(node.path("exception_info")).isPresent()) {
      return Status.ERRORED;
    }
    return node.path("success").asBoolean() ? Status.PASSED : Status.FAILED;
  }

  private static Optional<String> error(JsonNode info) {
    return raised(info).map(raised -> raised.path("exception_message").asText("no message"));
  }

  /** What was raised; Great Expectations writes it flat, or as a map from metrics to it. */
  private static Optional<JsonNode> raised(JsonNode info) {
    Stream<JsonNode> candidates =
        info.has("raised_exception") ? Stream.of(info) : info.valueStream();
    return candidates.filter(one -> one.path("raised_exception").asBoolean()).findFirst();
  }

  private static Optional<String> first(List<JsonNode> policies, String key) {
    return policies.stream().map(p -> text(p.path(key))).flatMap(Optional::stream).findFirst();
  }

  static Optional<String> text(JsonNode node) {
    return node.isTextual() && !node.asText().isBlank()
        ? Optional.of(node.asText())
        : Optional.empty();
  }

  private static String typeOf(JsonNode config) {
    return text(config.path("type"))
        .or(() -> text(config.path("expectation_type")))
        .orElse("unnamed expectation");
  }

  private static String described(JsonNode config) {
    List<String> columns = new Kwargs(config.path("kwargs")).columns();
    String type = typeOf(config).replaceFirst("^expect_", "");
    return columns.isEmpty() ? type : type + "." + String.join("-", columns);
  }

  /** A part of the result; missing where the answer has none. */
  JsonNode of(String key) {
    JsonNode found = result.path(key);
    return found.isNull() ? MissingNode.getInstance() : found;
  }
}
