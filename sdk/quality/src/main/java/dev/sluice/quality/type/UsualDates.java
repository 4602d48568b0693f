package dev.sluice.quality.type;

import java.text.ParsePosition;
import java.time.DateTimeException;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The ways to write dates and times that people use, as far as they are one thing only: ISO 8601,
 * numbers with the month or the day first, months by name; a time of the day and a zone may follow.
 */
final class UsualDates {
  private static final List<String> DAYS =
      List.of(
          "uuuu-M-d",
          "uuuu/M/d",
          "uuuu.M.d",
          "uuuuMMdd",
          "M/d/uuuu",
          "d/M/uuuu",
          "M-d-uuuu",
          "d-M-uuuu",
          "d.M.uuuu",
          "M/d/uu",
          "d/M/uu",
          "d MMM uuuu",
          "d MMMM uuuu",
          "d-MMM-uuuu",
          "d-MMM-uu",
          "MMM d uuuu",
          "MMMM d uuuu",
          "MMM d, uuuu",
          "MMMM d, uuuu",
          "EEE, d MMM uuuu",
          "EEE d MMM uuuu",
          "EEE, MMM d, uuuu",
          "EEEE, d MMMM uuuu",
          "EEEE, MMMM d, uuuu");

  /** Dates that leave something out. */
  private static final List<String> PARTS =
      List.of("uuuu", "uuuu-M", "uuuu/M", "M/uuuu", "MMM uuuu", "MMMM uuuu", "MMM d", "d MMM");

  private static final String TIME =
      "[H:mm:ss.SSSSSSSSS][H:mm:ss.SSSSSS][H:mm:ss.SSS][h:mm:ss a][h:mm:ssa][H:mm:ss][h:mm a]"
          + "[h:mma][h a][ha][H:mm][HHmmss][HHmm]";
  private static final String ZONE = "[ ][XXX][XX][X][z]";

  private static final List<DateTimeFormatter> FORMATS =
      Stream.of(
              DAYS.stream().map(day -> day + "[[ ]['T'][, ]" + TIME + ZONE + "]"),
              PARTS.stream(),
              Stream.of(TIME + ZONE, "EEE MMM d H:mm:ss[ z] uuuu"))
          .flatMap(Function.identity())
          .map(
              pattern ->
                  new DateTimeFormatterBuilder()
                      .parseCaseInsensitive()
                      .appendPattern(pattern)
                      .toFormatter(Locale.ENGLISH)
                      .withResolverStyle(ResolverStyle.STRICT))
          .toList();

  private UsualDates() {}

  /** Whether a text is one of them. */
  static boolean parses(String text) {
    String stripped = text.strip();
    return !stripped.isEmpty() && FORMATS.stream().anyMatch(format -> parses(stripped, format));
  }

  private static boolean parses(String text, DateTimeFormatter format) {
    ParsePosition place = new ParsePosition(0);
    try {
      format.parse(text, place);
      return place.getIndex() == text.length();
    } catch (DateTimeException | IndexOutOfBoundsException e) {
      return false;
    }
  }
}
