package dev.sluice.model;

import java.io.Serializable;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a column splits a table on storage: by its values, or by something that is made of them.
 *
 * @param by what is made of the values
 * @param column the column's name
 * @param size the number of buckets, or the width that values are cut to; 0 for the others
 */
public record Partition(By by, String column, int size) implements Serializable {
  private static final Pattern TEXT = Pattern.compile("([a-z]+)\\((?:(\\d+), )?(.+)\\)");

  /** What is made of a column's values, as Iceberg's specification defines it. */
  public enum By {
    /** The value itself. */
    VALUE(""),
    /** The year of a date or timestamp, in UTC. */
    YEAR("_year"),
    /** The month of a date or timestamp, in UTC. */
    MONTH("_month"),
    /** The day of a date or timestamp, in UTC. */
    DAY("_day"),
    /** The hour of a timestamp, in UTC. */
    HOUR("_hour"),
    /** One of a fixed number of buckets, by a hash. */
    BUCKET("_bucket"),
    /** The first characters of a text, or a number rounded down. */
    TRUNCATE("_trunc");

    private final String suffix;

    By(String suffix) {
      this.suffix = suffix;
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Checks the size. */
  public Partition {
    boolean sized = by == By.BUCKET || by == By.TRUNCATE;
    if (sized != (size > 0)) {
      throw SluiceException.config(
          "Cannot declare a partition by %s of '%s': its size is %d. Use one above 0",
          by.word(), column, size);
    }
  }

  /** By the values of a column. */
  public static Partition value(String column) {
    return new Partition(By.VALUE, column, 0);
  }

  /** By the year of a date or timestamp. */
  public static Partition year(String column) {
    return new Partition(By.YEAR, column, 0);
  }

  /** By the month of a date or timestamp. */
  public static Partition month(String column) {
    return new Partition(By.MONTH, column, 0);
  }

  /** By the day of a date or timestamp. */
  public static Partition day(String column) {
    return new Partition(By.DAY, column, 0);
  }

  /** By the hour of a timestamp. */
  public static Partition hour(String column) {
    return new Partition(By.HOUR, column, 0);
  }

  /** By a hash of the values, into as many buckets. */
  public static Partition bucket(int buckets, String column) {
    return new Partition(By.BUCKET, column, buckets);
  }

  /** By the first characters of a text, or a number rounded down to a multiple of the width. */
  public static Partition truncate(int width, String column) {
    return new Partition(By.TRUNCATE, column, width);
  }

  /** Reads what {@link #text()} says. */
  public static Partition parse(String text) {
    Matcher made = TEXT.matcher(text);
    if (!made.matches()) {
      return value(text);
    }
    int size = made.group(2) == null ? 0 : Integer.parseInt(made.group(2));
    return new Partition(By.valueOf(made.group(1).toUpperCase(Locale.ROOT)), made.group(3), size);
  }

  /** The partition in the manifest and in messages: {@code day(at)}, {@code bucket(16, id)}. */
  public String text() {
    return by == By.VALUE ? column : by.word() + "(" + (size > 0 ? size + ", " : "") + column + ")";
  }

  /** Whether it tells of a date or timestamp when it was. */
  public boolean isOfTime() {
    return by != By.BUCKET && by != By.TRUNCATE;
  }

  /** When the partition begins that an instant lies in; of values, the instant itself. */
  public Instant begin(Instant instant) {
    OffsetDateTime time = instant.atOffset(ZoneOffset.UTC);
    OffsetDateTime day = time.truncatedTo(ChronoUnit.DAYS);
    OffsetDateTime begin =
        switch (by) {
          case YEAR -> day.withDayOfYear(1);
          case MONTH -> day.withDayOfMonth(1);
          case DAY -> day;
          case HOUR -> time.truncatedTo(ChronoUnit.HOURS);
          case VALUE, BUCKET, TRUNCATE -> time;
        };
    return begin.toInstant();
  }

  /**
   * How many there can be of rows whose time lies in an interval; empty where only the rows can
   * tell.
   */
  public OptionalLong within(Optional<Interval> interval) {
    return switch (by) {
      case YEAR -> units(interval, ChronoUnit.YEARS);
      case MONTH -> units(interval, ChronoUnit.MONTHS);
      case DAY -> units(interval, ChronoUnit.DAYS);
      case HOUR -> units(interval, ChronoUnit.HOURS);
      case BUCKET -> OptionalLong.of(size);
      case VALUE, TRUNCATE -> OptionalLong.empty();
    };
  }

  private OptionalLong units(Optional<Interval> interval, ChronoUnit unit) {
    return interval.stream()
        .mapToLong(
            i -> {
              OffsetDateTime first = begin(i.start()).atOffset(ZoneOffset.UTC);
              OffsetDateTime last = begin(i.end().minusNanos(1)).atOffset(ZoneOffset.UTC);
              return unit.between(first, last) + 1;
            })
        .findFirst();
  }

  /** Whether there is one of a column of this type. */
  boolean takes(String type) {
    String kind = type.replaceFirst("[(<].*", "");
    return switch (by) {
      case VALUE -> true;
      case YEAR, MONTH, DAY -> List.of("date", "timestamp", "timestamp_ntz").contains(kind);
      case HOUR -> List.of("timestamp", "timestamp_ntz").contains(kind);
      case BUCKET ->
          List.of("int", "bigint", "decimal", "string", "date", "timestamp", "timestamp_ntz")
              .contains(kind);
      case TRUNCATE -> List.of("int", "bigint", "decimal", "string").contains(kind);
    };
  }

  /** What the partition is called where it has a name of its own. */
  public String name() {
    return column + by.suffix;
  }
}
