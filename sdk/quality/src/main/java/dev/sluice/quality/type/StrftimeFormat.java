package dev.sluice.quality.type;

import java.io.Serializable;
import java.time.YearMonth;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A format of Python's strptime, read as Python reads it: as a regular expression of the
 * directives, and then as a day that exists.
 */
final class StrftimeFormat implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final String MONTHS =
      "January|February|March|April|May|June|July|August|September|October|November|December";
  private static final String DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday";
  private static final Map<Character, String> DIRECTIVES = directives();

  /** Directives that stand for several others. */
  private static final Map<Character, String> COMPOUND =
      Map.of('c', "%a %b %d %H:%M:%S %Y", 'x', "%m/%d/%y", 'X', "%H:%M:%S");

  private final Pattern pattern;

  private StrftimeFormat(Pattern pattern) {
    this.pattern = pattern;
  }

  /**
   * The format.
   *
   * @throws IllegalArgumentException where Python would refuse it
   */
  static StrftimeFormat of(String format) {
    StringBuilder regex = new StringBuilder();
    translate(format, format, regex);
    try {
      return new StrftimeFormat(
          Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE));
    } catch (PatternSyntaxException e) {
      throw invalid(format, "a directive stands in it twice");
    }
  }

  private static void translate(String part, String format, StringBuilder regex) {
    for (int i = 0; i < part.length(); i++) {
      char character = part.charAt(i);
      if (Character.isWhitespace(character)) {
        regex.append("\\s+");
        while (i + 1 < part.length() && Character.isWhitespace(part.charAt(i + 1))) {
          i++;
        }
      } else if (character != '%') {
        regex.append(Pattern.quote(String.valueOf(character)));
      } else if (++i == part.length()) {
        throw invalid(format, "it ends with a single %");
      } else {
        directive(part.charAt(i), format, regex);
      }
    }
  }

  private static void directive(char letter, String format, StringBuilder regex) {
    if (letter == '%') {
      regex.append('%');
    } else if (COMPOUND.containsKey(letter)) {
      translate(COMPOUND.get(letter), format, regex);
    } else if (DIRECTIVES.containsKey(letter)) {
      regex.append("(?<").append(group(letter)).append('>');
      regex.append(DIRECTIVES.get(letter)).append(')');
    } else {
      throw invalid(format, "%" + letter + " is not a directive of strptime");
    }
  }

  private static IllegalArgumentException invalid(String format, String reason) {
    return new IllegalArgumentException("strftime_format '" + format + "' is not valid: " + reason);
  }

  /** Whether a text is a time in this format. */
  boolean matches(String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.matches() && exists(matcher);
  }

  /** Whether the day is one of its month; without a year it is looked up in 1900, as in Python. */
  private boolean exists(Matcher matcher) {
    if (!has('d')) {
      return true;
    }
    int year = 1900;
    if (has('Y')) {
      year = number(matcher, 'Y');
    } else if (has('y')) {
      int ofCentury = number(matcher, 'y');
      year = (ofCentury < 69 ? 2000 : 1900) + ofCentury;
    }
    int month = 1;
    if (has('m')) {
      month = number(matcher, 'm');
    } else if (has('B') || has('b')) {
      String name = matcher.group(group(has('B') ? 'B' : 'b')).toLowerCase(Locale.ROOT);
      month = monthOf(name);
    }
    return year >= 1 && number(matcher, 'd') <= YearMonth.of(year, month).lengthOfMonth();
  }

  private static int monthOf(String name) {
    List<String> months = List.of(MONTHS.toLowerCase(Locale.ROOT).split("\\|"));
    return 1 + (int) months.stream().takeWhile(month -> !month.startsWith(name)).count();
  }

  private boolean has(char letter) {
    return pattern.pattern().contains("(?<" + group(letter) + ">");
  }

  private static int number(Matcher matcher, char letter) {
    return Integer.parseInt(matcher.group(group(letter)).strip());
  }

  /** Names of groups may not differ in case alone. */
  private static String group(char letter) {
    return (Character.isUpperCase(letter) ? "upper" : "lower") + letter;
  }

  private static Map<Character, String> directives() {
    Map<Character, String> regexes = new LinkedHashMap<>();
    regexes.put('d', "3[0-1]|[1-2]\\d|0[1-9]|[1-9]| [1-9]");
    regexes.put('f', "[0-9]{1,6}");
    regexes.put('H', "2[0-3]|[0-1]\\d|\\d");
    regexes.put('I', "1[0-2]|0[1-9]|[1-9]");
    regexes.put('j', "36[0-6]|3[0-5]\\d|[1-2]\\d\\d|0[1-9]\\d|00[1-9]|[1-9]\\d|0[1-9]|[1-9]");
    regexes.put('m', "1[0-2]|0[1-9]|[1-9]");
    regexes.put('M', "[0-5]\\d|\\d");
    regexes.put('S', "6[0-1]|[0-5]\\d|\\d");
    regexes.put('U', "5[0-3]|[0-4]\\d|\\d");
    regexes.put('W', "5[0-3]|[0-4]\\d|\\d");
    regexes.put('w', "[0-6]");
    regexes.put('y', "\\d\\d");
    regexes.put('Y', "\\d\\d\\d\\d");
    regexes.put('z', "[+-]\\d\\d:?[0-5]\\d(:?[0-5]\\d(\\.\\d{1,6})?)?|Z");
    regexes.put('Z', "UTC|GMT");
    regexes.put('p', "AM|PM");
    regexes.put('B', MONTHS);
    regexes.put('b', shortened(MONTHS));
    regexes.put('A', DAYS);
    regexes.put('a', shortened(DAYS));
    return regexes;
  }

  private static String shortened(String names) {
    return names.replaceAll("([A-Z][a-z]{2})[a-z]*", "$1");
  }
}
