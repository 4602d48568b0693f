package dev.sluice.testkit;

import dev.sluice.model.Nearest;
import dev.sluice.testkit.SuiteResult.Answer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.assertj.core.api.AbstractAssert;

/** Assertions on what a suite says of rows; a failure tells every answer that does not hold. */
public class SuiteResultAssert extends AbstractAssert<SuiteResultAssert, SuiteResult> {

  SuiteResultAssert(SuiteResult actual) {
    super(actual, SuiteResultAssert.class);
  }

  /** Every expectation holds. */
  public SuiteResultAssert holds() {
    if (!actual.answers().stream().allMatch(Answer::holds)) {
      throw different("every expectation of %s to hold", actual.suite());
    }
    return this;
  }

  /** This expectation holds; rows may fail it as far as its {@code mostly} allows. */
  public SuiteResultAssert holds(String id) {
    if (!answer(id).holds()) {
      throw different("%s to hold", id);
    }
    return this;
  }

  /** This expectation does not hold. */
  public FailsAssert fails(String id) {
    if (answer(id).holds()) {
      throw different("%s to fail, but it holds: %s", id, answer(id).details());
    }
    return new FailsAssert(actual, id);
  }

  /** Just these expectations do not hold. */
  public SuiteResultAssert failsOnly(String... ids) {
    List.of(ids).forEach(this::answer);
    List<String> failed =
        actual.answers().stream().filter(a -> !a.holds()).map(Answer::id).sorted().toList();
    if (!failed.equals(List.of(ids).stream().sorted().toList())) {
      throw different("just %s to fail", List.of(ids));
    }
    return this;
  }

  /** A gate would publish the rows that are good. */
  public SuiteResultAssert publishes() {
    if (!actual.decision().equals("PUBLISH")) {
      throw different("a gate to publish");
    }
    return this;
  }

  /** A gate would refuse the run by a rule that holds this text. */
  public SuiteResultAssert refusesBecause(String text) {
    boolean refuses = actual.decision().equals("REFUSE");
    if (!refuses || actual.rule().filter(rule -> rule.contains(text)).isEmpty()) {
      throw different("a gate to refuse because of '%s'", text);
    }
    return this;
  }

  final Answer answer(String id) {
    List<String> ids = actual.answers().stream().map(Answer::id).toList();
    return actual.answers().stream()
        .filter(answer -> answer.id().equals(id))
        .findFirst()
        .orElseThrow(
            () -> failure("%s", "There is no expectation '" + id + "'. " + Nearest.hint(id, ids)));
  }

  @SuppressWarnings("AnnotateFormatMethod") // its annotation would be one more dependency
  final AssertionError different(String expected, Object... args) {
    return failure("%s", "Expected " + String.format(expected, args) + ".\n" + story());
  }

  private String story() {
    Optional<String> rule = actual.rule().map(text -> " (" + text + ")");
    String failed =
        actual.answers().stream()
            .filter(answer -> !answer.holds())
            .map(a -> "\n  fails: " + a.id() + " in " + a.unexpected() + " rows " + a.details())
            .collect(Collectors.joining());
    return "Suite "
        + actual.suite()
        + " decides "
        + actual.decision()
        + rule.orElse("")
        + ":"
        + (failed.isEmpty() ? " everything holds" : failed);
  }
}
