package dev.sluice.quality.history;

import java.time.Duration;
import java.util.Optional;

/** A comparison of a run with the runs before it, declared in a suite's meta.sluice.anomalies. */
public sealed interface AnomalyRule {

  /** What findings call it; unique in its suite. */
  String id();

  /** What happens to a run that it finds wrong. */
  Consequence onFailure();

  /** The rule's name in a suite. */
  String rule();

  /** The figure that it looks at: {@link Metric#key()}; empty for the time of the run itself. */
  Optional<String> metric();

  /** What happens to a run that a rule finds wrong: rows cannot be told apart by it. */
  enum Consequence {
    /** The finding is reported. */
    WARN,
    /** Nothing is published. */
    REFUSE
  }

  /**
   * Limits how far a figure may move from what it was.
   *
   * @param key the figure
   * @param up how far above the earlier value it may be, as a share of that: 0.5 is half more
   * @param down how far below
   * @param window what it is compared with: the mean of the runs there
   */
  record RelativeChange(
      String id, String key, double up, double down, Window window, Consequence onFailure)
      implements AnomalyRule {
    @Override
    public String rule() {
      return "relative-change";
    }

    @Override
    public Optional<String> metric() {
      return Optional.of(key);
    }
  }

  /**
   * Limits how unusual a figure may be among earlier ones.
   *
   * @param key the figure
   * @param limit how many standard deviations of a sample it may be from their mean
   * @param window the earlier runs
   */
  record ZScore(String id, String key, double limit, Window window, Consequence onFailure)
      implements AnomalyRule {
    @Override
    public String rule() {
      return "z-score";
    }

    @Override
    public Optional<String> metric() {
      return Optional.of(key);
    }
  }

  /**
   * Limits how old the newest data may be when the run ends.
   *
   * @param metric the figure that is the newest time in the data, such as the observed maximum of a
   *     column; empty for the time since the run before
   * @param limit the greatest age
   */
  record Freshness(String id, Optional<String> metric, Duration limit, Consequence onFailure)
      implements AnomalyRule {
    @Override
    public String rule() {
      return "freshness";
    }
  }

  /**
   * The earlier runs that a rule looks at.
   *
   * @param last at most so many, the latest
   * @param minimum at least so many, else the rule does not judge
   */
  record Window(int last, int minimum) {}
}
