package dev.sluice.quality.history;

import dev.sluice.quality.history.AnomalyRule.Freshness;
import dev.sluice.quality.history.AnomalyRule.RelativeChange;
import dev.sluice.quality.history.AnomalyRule.Window;
import dev.sluice.quality.history.AnomalyRule.ZScore;
import dev.sluice.quality.history.Finding.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleFunction;

/** Judges a run by the runs before it. */
public final class AnomalyRules {
  private final History history;
  private final Map<String, Metric> current;

  private AnomalyRules(History history, Map<String, Metric> current) {
    this.history = history;
    this.current = current;
  }

  /**
   * What each rule says of a run, in the order of the rules.
   *
   * @param history the figures of the table's other runs, in any order; of several runs with one
   *     run key the latest counts, and those with the run key of the current run do not
   * @param current the figures of the run, as {@link Metrics#of} gives them
   */
  public static List<Finding> judge(
      List<AnomalyRule> rules, List<Metric> history, List<Metric> current) {
    Map<String, Metric> own = new LinkedHashMap<>();
    current.forEach(metric -> own.put(metric.key(), metric));
    AnomalyRules judge = new AnomalyRules(History.before(history, current), own);
    return rules.stream().map(judge::finding).toList();
  }

  private Finding finding(AnomalyRule rule) {
    if (rule instanceof RelativeChange change) {
      return compared(change, change.window(), observed -> relative(change, observed));
    }
    if (rule instanceof ZScore score) {
      return compared(score, score.window(), observed -> unusual(score, observed));
    }
    return fresh((Freshness) rule);
  }

  private Finding compared(AnomalyRule rule, Window window, DoubleFunction<Finding> judgement) {
    String key = rule.metric().orElseThrow();
    Optional<Double> observed = Optional.ofNullable(current.get(key)).flatMap(Metric::value);
    if (observed.isEmpty()) {
      return notJudged(rule, observed, "this run has no number for it");
    }
    int runs = history.last(key, window.last()).size();
    return runs < window.minimum()
        ? notJudged(rule, observed, Words.needs(window.minimum(), runs))
        : judgement.apply(observed.get());
  }

  private Finding relative(RelativeChange rule, double observed) {
    List<Double> earlier = history.last(rule.key(), rule.window().last());
    double baseline = mean(earlier);
    double lower = baseline - rule.down() * Math.abs(baseline);
    double upper = baseline + rule.up() * Math.abs(baseline);
    Map<String, Double> threshold = threshold(lower, upper, earlier.size());
    threshold.put("baseline", baseline);
    String sentence =
        Words.change(rule.key(), observed, baseline, earlier.size()) + Words.limits(lower, upper);
    return judged(rule, observed, within(lower, observed, upper), threshold, sentence);
  }

  private Finding unusual(ZScore rule, double observed) {
    List<Double> earlier = history.last(rule.key(), rule.window().last());
    double mean = mean(earlier);
    double deviation = deviation(earlier, mean);
    double lower = mean - rule.limit() * deviation;
    double upper = mean + rule.limit() * deviation;
    Map<String, Double> threshold = threshold(lower, upper, earlier.size());
    threshold.put("mean", mean);
    threshold.put("stdev", deviation);
    String sentence =
        Words.score(rule.key(), observed, mean, deviation, earlier.size())
            + Words.limits(lower, upper);
    return judged(rule, observed, within(lower, observed, upper), threshold, sentence);
  }

  private Finding fresh(Freshness rule) {
    Optional<Instant> now = current.values().stream().findFirst().map(m -> m.origin().time());
    Optional<Instant> newest =
        rule.metric().isPresent()
            ? rule.metric().map(current::get).flatMap(Metric::text).flatMap(Times::read)
            : history.lastTime();
    if (now.isEmpty() || newest.isEmpty()) {
      boolean ofData = rule.metric().isPresent() || now.isEmpty();
      String why = ofData ? "this run has no time for it" : Words.needs(1, 0);
      return notJudged(rule, Optional.empty(), why);
    }
    Duration age = Duration.between(newest.get(), now.get());
    Map<String, Double> threshold = new LinkedHashMap<>();
    threshold.put("upper", Times.seconds(rule.limit()));
    return judged(
        rule,
        Times.seconds(age),
        age.compareTo(rule.limit()) <= 0,
        threshold,
        Words.age(rule.metric(), age, rule.limit()));
  }

  /** False for what is no number, too. */
  private static boolean within(double lower, double observed, double upper) {
    return lower <= observed && observed <= upper;
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }

  /** Of a sample, as the runs before are one of all that could have been. */
  private static double deviation(List<Double> values, double mean) {
    double squares = values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
    return Math.sqrt(squares / (values.size() - 1));
  }

  /** A limit that there is not cannot be a number of JSON. */
  private static Map<String, Double> threshold(double lower, double upper, int runs) {
    Map<String, Double> threshold = new LinkedHashMap<>();
    if (Double.isFinite(lower)) {
      threshold.put("lower", lower);
    }
    if (Double.isFinite(upper)) {
      threshold.put("upper", upper);
    }
    threshold.put("runs", (double) runs);
    return threshold;
  }

  private static Finding judged(
      AnomalyRule rule,
      double observed,
      boolean holds,
      Map<String, Double> threshold,
      String sentence) {
    return new Finding(
        rule.id(),
        rule.rule(),
        rule.metric(),
        rule.onFailure(),
        holds ? Outcome.HOLDS : Outcome.BROKEN,
        Optional.of(observed),
        threshold,
        sentence);
  }

  private static Finding notJudged(AnomalyRule rule, Optional<Double> observed, String why) {
    return new Finding(
        rule.id(),
        rule.rule(),
        rule.metric(),
        rule.onFailure(),
        Outcome.NOT_JUDGED,
        observed,
        Map.of(),
        "not judged: " + why);
  }
}
