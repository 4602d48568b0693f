package dev.sluice.quality.history;

import dev.sluice.quality.history.AnomalyRule.Consequence;
import java.util.Map;
import java.util.Optional;

/**
 * What a rule says of a run.
 *
 * @param id the rule's id
 * @param rule the rule's name, such as {@code relative-change}
 * @param metric the figure that it looks at
 * @param onFailure what happens where it is broken
 * @param outcome what it says
 * @param observed the figure of this run; for freshness an age in seconds
 * @param threshold the limits in force for that figure, and what they come from: {@code lower},
 *     {@code upper}, {@code baseline} or {@code mean} and {@code stdev}, {@code runs}; empty where
 *     it did not judge
 * @param sentence the same for people
 */
public record Finding(
    String id,
    String rule,
    Optional<String> metric,
    Consequence onFailure,
    Outcome outcome,
    Optional<Double> observed,
    Map<String, Double> threshold,
    String sentence) {

  /** What a rule says of a run. */
  public enum Outcome {
    /** The run is as usual. */
    HOLDS,
    /** It is not. */
    BROKEN,
    /** There was nothing to compare it with. */
    NOT_JUDGED
  }

  /** Whether there is nothing to object; also true where the rule did not judge. */
  public boolean success() {
    return outcome != Outcome.BROKEN;
  }

  /** Whether the run must not publish. */
  public boolean refuses() {
    return outcome == Outcome.BROKEN && onFailure == Consequence.REFUSE;
  }
}
