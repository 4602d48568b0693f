package dev.sluice.testkit.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/** Holds an answer against the one that a question should get, key by key. */
record Comparison(CaseLine asked, CaseAnswer answer, Slack slack) {

  /** How an answer compares. */
  enum Status {
    PASSED,
    FAILED,
    ERRORED
  }

  /** The status, and the reason of one that did not pass. */
  record Score(Status status, String reason) {}

  Score score() {
    JsonNode expected = asked.expected();
    if (expected.path("may_raise").asBoolean()) {
      return new Score(Status.PASSED, "");
    }
    if (expected.path("raises").asBoolean()) {
      return answer.exception().isPresent()
          ? new Score(Status.PASSED, "")
          : new Score(Status.FAILED, "an exception was expected");
    }
    return answer
        .exception()
        .map(reason -> new Score(Status.ERRORED, reason))
        .or(this::difference)
        .orElse(new Score(Status.PASSED, ""));
  }

  private Optional<Score> difference() {
    for (Map.Entry<String, JsonNode> wanted : asked.expected().properties()) {
      JsonNode found = found(wanted.getKey());
      if (!same(wanted.getKey(), wanted.getValue(), found)) {
        String reason = wanted.getKey() + " is " + found + ", not " + wanted.getValue();
        return Optional.of(new Score(Status.FAILED, reason));
      }
    }
    return Optional.empty();
  }

  /** Where an answer has what a case calls by this name. */
  private JsonNode found(String key) {
    return switch (key) {
      case "success" -> BooleanNode.valueOf(answer.success());
      case "result" -> answer.result();
      case "value_counts", "observed_partition", "expected_partition" ->
          answer.result().path("details").path(key);
      case "observed_value_list" -> answer.result().path("observed_value");
      default -> answer.result().path(key);
    };
  }

  private boolean same(String key, JsonNode wanted, JsonNode found) {
    return switch (key) {
      case "raises", "raises_hint", "may_raise" -> true;
      case "observed_value" -> tolerant().same(wanted, found);
      case "unexpected_list" ->
          slack.sameInAnyOrder(wanted, found, Comparator.comparing(Slack::text));
      case "unexpected_index_list" ->
          slack.sameInAnyOrder(
              wanted, found, Comparator.comparingLong(row -> row.path("pk_index").asLong()));
      case "value_counts" -> holdsAll(wanted, found);
      case "result" -> exactly(wanted, found);
      default -> slack.same(wanted, found);
    };
  }

  /** A case that states its own tolerance means it for both scores. */
  private Slack tolerant() {
    return asked.tolerance().map(relative -> new Slack(relative, 0)).orElse(slack);
  }

  private boolean holdsAll(JsonNode wanted, JsonNode found) {
    for (JsonNode one : wanted) {
      boolean any = false;
      for (JsonNode other : found) {
        any |= slack.same(one, other);
      }
      if (!any) {
        return false;
      }
    }
    return true;
  }

  /** Every key, by the rule of that key. */
  private boolean exactly(JsonNode wanted, JsonNode found) {
    for (Map.Entry<String, JsonNode> one : wanted.properties()) {
      JsonNode given = found.path(one.getKey());
      if (given.isMissingNode() || !same(one.getKey(), one.getValue(), given)) {
        return false;
      }
    }
    return true;
  }
}
