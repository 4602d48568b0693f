package dev.sluice.quality.history;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The figures of earlier runs, one run for each run key, in the order of their times. */
final class History {
  private final List<Run> runs;

  private record Run(Instant time, Map<String, Metric> metrics) {}

  private History(List<Run> runs) {
    this.runs = runs;
  }

  /** What there was before a run; its own run key does not count, as it takes that run's place. */
  static History before(List<Metric> history, List<Metric> current) {
    Set<String> own = new HashSet<>();
    current.forEach(metric -> own.add(metric.origin().runKey()));
    List<Run> runs =
        history.stream()
            .filter(metric -> !own.contains(metric.origin().runKey()))
            .collect(Collectors.groupingBy(metric -> metric.origin().runKey()))
            .values()
            .stream()
            .map(History::latest)
            .sorted(Comparator.comparing(Run::time))
            .toList();
    return new History(runs);
  }

  /** The numbers that a figure had in the latest runs that have it, the latest last. */
  List<Double> last(String key, int most) {
    List<Double> values = new ArrayList<>();
    for (Run run : runs) {
      Optional.ofNullable(run.metrics().get(key))
          .flatMap(Metric::value)
          .filter(Double::isFinite)
          .ifPresent(values::add);
    }
    return values.subList(Math.max(0, values.size() - most), values.size());
  }

  /** The time of the latest run. */
  Optional<Instant> lastTime() {
    return runs.isEmpty() ? Optional.empty() : Optional.of(runs.get(runs.size() - 1).time());
  }

  /** The last of the runs with one run key; the id decides between runs of the same time. */
  private static Run latest(List<Metric> ofOneKey) {
    Metric.Origin latest =
        ofOneKey.stream()
            .map(Metric::origin)
            .max(Comparator.comparing(Metric.Origin::time).thenComparing(Metric.Origin::runId))
            .orElseThrow();
    Map<String, Metric> metrics = new HashMap<>();
    ofOneKey.stream()
        .filter(metric -> metric.origin().runId().equals(latest.runId()))
        .forEach(metric -> metrics.put(metric.key(), metric));
    return new Run(latest.time(), metrics);
  }
}
