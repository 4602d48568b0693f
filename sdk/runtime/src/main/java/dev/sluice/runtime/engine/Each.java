package dev.sluice.runtime.engine;

import dev.sluice.model.Interval;
import dev.sluice.model.SluiceException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;

/** What the parts of a range are: stretches of the calendar, in UTC as all intervals. */
public enum Each {
  /** From hour to hour. */
  HOUR(ChronoUnit.HOURS),
  /** From midnight to midnight. */
  DAY(ChronoUnit.DAYS),
  /** From the first of a month to the next. */
  MONTH(ChronoUnit.MONTHS),
  /** From the first of January to the next. */
  YEAR(ChronoUnit.YEARS);

  /** The most parts of a range: their outcomes are held in memory, and written down in one file. */
  static final int MOST = 1000;

  private final ChronoUnit unit;

  Each(ChronoUnit unit) {
    this.unit = unit;
  }

  /** The name on the command line and in receipts. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The parts of a range, oldest first.
   *
   * @throws SluiceException of kind CONFIG where the range begins or ends within a part, or has
   *     more than {@value #MOST}
   */
  List<Interval> split(Interval range) {
    OffsetDateTime start = bound(range, range.start(), "start");
    OffsetDateTime end = bound(range, range.end(), "end");
    long parts = unit.between(start, end);
    if (parts > MOST) {
      throw SluiceException.config(
          "Cannot split %s for each %s: these are %d parts, and a run does %d at most. Give a"
              + " shorter interval, or longer parts",
          range.brief(), word(), parts, MOST);
    }
    return LongStream.range(0, parts).mapToObj(i -> part(start, i)).toList();
  }

  private Interval part(OffsetDateTime start, long number) {
    return new Interval(
        start.plus(number, unit).toInstant(), start.plus(number + 1, unit).toInstant());
  }

  private OffsetDateTime bound(Interval range, Instant time, String name) {
    OffsetDateTime at = time.atOffset(ZoneOffset.UTC);
    OffsetDateTime before = before(at);
    if (!before.equals(at)) {
      throw SluiceException.config(
          "Cannot split %s for each %s: its %s lies within one, in UTC. Let it %s at %s or %s",
          range.brief(),
          word(),
          name,
          name,
          Interval.brief(before.toInstant()),
          Interval.brief(before.plus(1, unit).toInstant()));
    }
    return at;
  }

  /** The last bound that is not after a time. */
  private OffsetDateTime before(OffsetDateTime time) {
    return switch (this) {
      case HOUR, DAY -> time.truncatedTo(unit);
      case MONTH -> time.truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1);
      case YEAR -> time.truncatedTo(ChronoUnit.DAYS).withDayOfYear(1);
    };
  }
}
