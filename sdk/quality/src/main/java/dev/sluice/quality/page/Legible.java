package dev.sluice.quality.page;

import java.util.Locale;

/** Text from data, made harmless to HTML and wholly visible to people. */
final class Legible {
  private Legible() {}

  /** Appends text for an element's content; characters that nobody would see are spelled out. */
  static void content(StringBuilder out, String text) {
    text.codePoints()
        .forEach(
            point -> {
              if (unseen(point)) {
                out.append("<span class=\"ctl\">").append(spelled(point)).append("</span>");
              } else {
                escaped(out, point);
              }
            });
  }

  /** Appends text for an attribute's value, between quotes of either kind. */
  static void attribute(StringBuilder out, String text) {
    text.codePoints()
        .forEach(
            point -> {
              if (unseen(point)) {
                out.append(spelled(point));
              } else {
                escaped(out, point);
              }
            });
  }

  /** At most so many characters of a text; never half of a character. */
  static String cut(String text, int most) {
    return isLong(text, most) ? text.substring(0, text.offsetByCodePoints(0, most)) : text;
  }

  /** Whether a text has more characters than that. */
  static boolean isLong(String text, int most) {
    return text.length() > most && length(text) > most;
  }

  /** How many characters a text has. */
  static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  private static void escaped(StringBuilder out, int point) {
    switch (point) {
      case '&' -> out.append("&amp;");
      case '<' -> out.append("&lt;");
      case '>' -> out.append("&gt;");
      case '"' -> out.append("&quot;");
      case '\'' -> out.append("&#39;");
      default -> out.appendCodePoint(point);
    }
  }

  /**
   * Whether a character draws nothing, or changes how others are drawn.
   *
   * <p>Joiners stay as they are, since emoji and several scripts are written with them; so does the
   * wide space of Chinese and Japanese.
   */
  private static boolean unseen(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      case Character.FORMAT -> point != 0x200C && point != 0x200D;
      case Character.SPACE_SEPARATOR -> point != ' ' && point != 0x3000;
      default -> false;
    };
  }

  private static String spelled(int point) {
    return switch (point) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default ->
          String.format(
              Locale.ROOT, Character.isBmpCodePoint(point) ? "\\u%04X" : "\\u{%X}", point);
    };
  }
}
