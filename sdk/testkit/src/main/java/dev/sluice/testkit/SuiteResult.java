package dev.sluice.testkit;

import java.util.List;
import java.util.Optional;

/**
 * What a suite says of rows.
 *
 * @param suite the suite's name
 * @param decision what a gate would do: {@code PUBLISH}, {@code REFUSE}, or {@code NONE} without
 *     expectations
 * @param rule the rule that would refuse; empty where none does
 * @param answers one for each expectation, in the suite's order
 */
public record SuiteResult(
    String suite, String decision, Optional<String> rule, List<Answer> answers) {

  /**
   * The answer to one expectation.
   *
   * @param id what the suite calls it
   * @param holds whether it holds
   * @param unexpected how many rows fail it; 0 for one that is not of rows
   * @param details Great Expectations' {@code result} object as text, or why there is no answer
   */
  public record Answer(String id, boolean holds, long unexpected, String details) {}

  /** Copies the list. */
  public SuiteResult {
    answers = List.copyOf(answers);
  }
}
