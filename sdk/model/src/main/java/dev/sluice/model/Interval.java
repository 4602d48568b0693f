package dev.sluice.model;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * A stretch of time that a run stands for.
 *
 * @param start the first instant, inclusive
 * @param end the last instant, exclusive
 */
public record Interval(Instant start, Instant end) {

  /** Checks the order. */
  public Interval {
    if (!start.isBefore(end)) {
      throw SluiceException.config(
          "Cannot use interval %s/%s: its end is not after its start. Give a later end",
          start, end);
    }
  }

  /** Reads {@code START/END}: dates, or date-times with an offset. */
  public static Interval parse(String text) {
    String[] ends = text.split("/", -1);
    if (ends.length != 2) {
      throw SluiceException.config(
          "Cannot read interval '%s': it is not START/END. Write it like 2013-01-01/2013-02-01",
          text);
    }
    return new Interval(instant(ends[0]), instant(ends[1]));
  }

  private static Instant instant(String text) {
    try {
      return text.contains("T")
          ? OffsetDateTime.parse(text).toInstant()
          : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
    } catch (DateTimeException e) {
      throw new SluiceException(
          ErrorKind.CONFIG,
          String.format(
              "Cannot read interval: '%s' is neither a date nor a date-time with offset. Write it"
                  + " like 2013-01-01 or 2013-01-01T00:00:00+00:00",
              text),
          e);
    }
  }

  /** The same for people: bounds that are midnights of UTC are dates. */
  public String brief() {
    return brief(start) + "/" + brief(end);
  }

  /** A bound for people: a date where it is a midnight of UTC. */
  public static String brief(Instant bound) {
    return bound.toString().replace("T00:00:00Z", "");
  }

  @Override
  public String toString() {
    return start + "/" + end;
  }
}
