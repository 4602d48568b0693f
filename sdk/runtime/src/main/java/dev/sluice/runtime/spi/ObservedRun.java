package dev.sluice.runtime.spi;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.Interval;
import dev.sluice.model.Receipt;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A run as observers see it, while it goes on or when it has ended; holds no row and no secret.
 *
 * @param job the job's name
 * @param runId names this attempt
 * @param runKey names the work
 * @param interval the interval that the run stands for
 * @param target the table or sink, once it is known
 * @param environment what kind of surroundings it runs in, where somebody has said so
 * @param startedAt when it began
 * @param endedAt when it ended; absent while it goes on
 * @param status how far it has come, or how it ended
 * @param error what kind of error it ended with
 * @param phases the phases that it has entered, in order
 * @param figures what can be said in numbers
 */
public record ObservedRun(
    String job,
    String runId,
    String runKey,
    Optional<Interval> interval,
    Optional<String> target,
    Optional<String> environment,
    Instant startedAt,
    Optional<Instant> endedAt,
    Receipt.Status status,
    Optional<ErrorKind> error,
    List<Phase> phases,
    List<Figure> figures) {

  /** A phase; without an end where the run is in it. */
  public record Phase(String name, Instant startedAt, Optional<Instant> endedAt) {}

  /** What every figure of the run has in common: few values, the same from run to run. */
  public Map<String, String> attributes() {
    Map<String, String> attributes = new TreeMap<>();
    attributes.put("job", job);
    target.ifPresent(name -> attributes.put("table", name));
    environment.ifPresent(name -> attributes.put("environment", name));
    return attributes;
  }

  /** The status as a value of an attribute: {@code committed}. */
  public String outcome() {
    return status.name().toLowerCase(Locale.ROOT);
  }

  /** How long it has taken, or takes so far. */
  public Duration duration() {
    return Duration.between(startedAt, endedAt.orElseGet(Instant::now));
  }
}
