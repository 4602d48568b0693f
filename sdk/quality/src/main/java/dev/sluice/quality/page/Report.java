package dev.sluice.quality.page;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.quality.page.Item.Status;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A validation result, sorted for the page.
 *
 * @param suite the suite's name; may be empty
 * @param items the answers in the suite's order
 * @param culprit the answer by which the run was refused; empty where none is
 * @param headline the verdict in two words or three
 * @param tone the verdict as the style sheet knows it
 */
record Report(
    String suite, List<Item> items, Optional<Item> culprit, String headline, String tone) {

  static Report of(PageFacts facts, JsonNode validation) {
    List<Item> items = Item.of(validation);
    boolean allHold = items.stream().allMatch(item -> item.status() == Status.PASSED);
    boolean clean = allHold && facts.rows().quarantined() == 0;
    String suite = validation.path("suite_name").asText();
    Optional<Item> culprit = facts.rule().flatMap(rule -> named(items, rule));
    return switch (facts.decision()) {
      case PUBLISH ->
          new Report(suite, items, culprit, "Published", clean ? "published" : "reserved");
      case REFUSE -> new Report(suite, items, culprit, "Refused", "refused");
      case NONE -> new Report(suite, items, culprit, "Published unchecked", "unchecked");
    };
  }

  /** The answers of a status; what refused the run leads, what only warns comes last. */
  List<Item> with(Status status) {
    return items.stream()
        .filter(item -> item.status() == status)
        .sorted(Comparator.comparingInt(this::rank))
        .toList();
  }

  long count(Status status) {
    return items.stream().filter(item -> item.status() == status).count();
  }

  boolean isCulprit(Item item) {
    return culprit.filter(item::equals).isPresent();
  }

  private int rank(Item item) {
    if (item.status() == Status.PASSED) {
      return 0;
    }
    if (isCulprit(item)) {
      return -1;
    }
    boolean mild =
        item.onFailure().filter("warn"::equals).isPresent()
            || item.severity().filter(severity -> !severity.equals("critical")).isPresent();
    return mild ? 1 : 0;
  }

  /** A rule begins with the id of the expectation that it speaks of. */
  private static Optional<Item> named(List<Item> items, String rule) {
    return items.stream()
        .filter(item -> rule.startsWith(item.id() + " "))
        .max(Comparator.comparingInt(item -> item.id().length()));
  }
}
