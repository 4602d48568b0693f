package dev.sluice.quality;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the gate decides, and why.
 *
 * @param decision what happens to the run
 * @param rule the rule that refused; empty where none did
 * @param badInput whether the rule that refused is the budget of unreadable rows
 * @param answers one for each expectation, in the suite's order
 */
public record Verdict(
    Decision decision, Optional<String> rule, boolean badInput, List<Answer> answers) {

  /** What happens to the run. */
  public enum Decision {
    /** Good rows are published, bad ones are in quarantine. */
    PUBLISH,
    /** Nothing is published. */
    REFUSE,
    /** There was no suite to decide by. */
    NONE
  }

  /**
   * The answer to one expectation, as Great Expectations would give it.
   *
   * @param success whether it holds, with {@code mostly}
   * @param unexpected how many rows fail it; 0 for a check that is not of rows
   * @param result Great Expectations' {@code result} object
   * @param error why it could not be answered; empty where it could
   */
  public record Answer(
      SuitePlan.Planned planned,
      boolean success,
      long unexpected,
      Map<String, Object> result,
      Optional<String> error) {

    /** An expectation that could not be answered. */
    static Answer errored(SuitePlan.Planned planned, String reason) {
      return new Answer(planned, false, 0, Map.of(), Optional.of(reason));
    }

    /** How it went: passed, failed or errored. */
    public String status() {
      return error().isPresent() ? "errored" : success() ? "passed" : "failed";
    }
  }

  /** Whether every expectation holds. */
  public boolean success() {
    return answers.stream().allMatch(Answer::success);
  }

  /** The answers that do not hold. */
  public List<Answer> failed() {
    return answers.stream().filter(answer -> !answer.success()).toList();
  }
}
