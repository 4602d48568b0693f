package dev.sluice.runtime.source;

import java.time.DateTimeException;
import java.time.LocalDate;

/** Reads dates and times of ISO 8601, in full or not at all. */
final class IsoTime {
  private static final long DAY = 86_400_000_000L;
  private static final long MINUTE = 60_000_000L;
  private static final String MICROS = "000000";

  private final byte[] text;
  private int at;

  private IsoTime(byte[] text) {
    this.text = text;
  }

  /** The days since 1970 of {@code 2013-01-31}. */
  static int date(byte[] text) throws Unparsable {
    IsoTime time = new IsoTime(text);
    int day = time.day();
    time.end("a date such as 2013-01-31");
    return day;
  }

  /** The microseconds since 1970 of {@code 2013-01-31T23:59:59.5Z}; UTC where no zone is given. */
  static long instant(byte[] text) throws Unparsable {
    IsoTime time = new IsoTime(text);
    long micros = time.wallClock();
    long offset = time.offset();
    time.end("a time such as 2013-01-31T23:59:59Z");
    return micros - offset;
  }

  /** The microseconds since 1970 that a clock shows; a zone is one thing too many. */
  static long wallClock(byte[] text) throws Unparsable {
    IsoTime time = new IsoTime(text);
    long micros = time.wallClock();
    time.end("a time without a zone, such as 2013-01-31T23:59:59");
    return micros;
  }

  private int day() throws Unparsable {
    int year = digits(4);
    expect('-');
    int month = digits(2);
    expect('-');
    int day = digits(2);
    if (year == 0) {
      throw new Unparsable("there is no year 0");
    }
    try {
      return Math.toIntExact(LocalDate.of(year, month, day).toEpochDay());
    } catch (DateTimeException e) {
      throw new Unparsable("there is no such day");
    }
  }

  private long wallClock() throws Unparsable {
    long micros = day() * DAY;
    if (at == text.length) {
      return micros;
    }
    if (peek() != 'T' && peek() != ' ') {
      throw new Unparsable("'T' is missing after the day");
    }
    at++;
    micros += limited(24) * 60L * MINUTE;
    expect(':');
    micros += limited(60) * MINUTE;
    if (peek() == ':') {
      at++;
      micros += limited(60) * 1_000_000L;
      if (peek() == '.') {
        at++;
        micros += fraction();
      }
    }
    return micros;
  }

  private long fraction() throws Unparsable {
    int begin = at;
    StringBuilder digits = new StringBuilder();
    while (peek() >= '0' && peek() <= '9') {
      digits.append((char) text[at++]);
    }
    String lost = digits.length() > 6 ? digits.substring(6) : "";
    if (at == begin || !lost.chars().allMatch(digit -> digit == '0')) {
      throw new Unparsable("a fraction of a second has one to six digits");
    }
    return Long.parseLong((digits + MICROS).substring(0, 6));
  }

  private long offset() throws Unparsable {
    if (at == text.length) {
      return 0;
    }
    if (peek() == 'Z') {
      at++;
      return 0;
    }
    int sign = peek() == '-' ? -1 : 1;
    if (peek() != '-' && peek() != '+') {
      throw new Unparsable("a zone is Z or an offset such as +01:00");
    }
    at++;
    long minutes = limited(19) * 60L;
    if (at < text.length) {
      if (peek() == ':') {
        at++;
      }
      minutes += limited(60);
    }
    return sign * minutes * MINUTE;
  }

  private int limited(int end) throws Unparsable {
    int number = digits(2);
    if (number >= end) {
      throw new Unparsable("there is no such time of day");
    }
    return number;
  }

  private int digits(int count) throws Unparsable {
    int number = 0;
    for (int i = 0; i < count; i++) {
      int digit = peek() - '0';
      if (digit < 0 || digit > 9) {
        throw new Unparsable("a date reads year-month-day, a time hour:minute:second");
      }
      number = 10 * number + digit;
      at++;
    }
    return number;
  }

  private void expect(char wanted) throws Unparsable {
    if (peek() != wanted) {
      throw new Unparsable("a date reads year-month-day, a time hour:minute:second");
    }
    at++;
  }

  private int peek() {
    return at < text.length ? text[at] : -1;
  }

  private void end(String wanted) throws Unparsable {
    if (at != text.length) {
      throw new Unparsable("it is not " + wanted);
    }
  }
}
