package dev.sluice.quality.profile;

import java.util.List;

/**
 * What texts have in common when letters and digits are taken for their class: {@code N14228} and
 * {@code N5EA} … are {@code A9} and {@code A9A}.
 *
 * @param classes one character for each run: {@code A} upper case, {@code a} lower case, {@code 9}
 *     digits, all others for themselves
 * @param least the fewest characters of each run
 * @param most the most characters of each run
 * @param rows how many rows have this shape
 */
public record Shape(String classes, List<Integer> least, List<Integer> most, long rows) {
  /** What expressions do not take literally. */
  private static final String MEANINGFUL = "\\.[]{}()*+?^$|";

  /** Copies the lists. */
  public Shape {
    least = List.copyOf(least);
    most = List.copyOf(most);
  }

  /** Whether every text of this shape has the same length. */
  boolean fixed() {
    return least.equals(most);
  }

  boolean hasDigits() {
    return classes.indexOf('9') >= 0;
  }

  /** The regular expression that just these texts match, without anchors. */
  String regex() {
    StringBuilder regex = new StringBuilder();
    for (int run = 0; run < classes.length(); run++) {
      regex.append(character(classes.charAt(run))).append(times(least.get(run), most.get(run)));
    }
    return regex.toString();
  }

  private static String character(char c) {
    return switch (c) {
      case 'A' -> "[A-Z]";
      case 'a' -> "[a-z]";
      case '9' -> "[0-9]";
      default -> MEANINGFUL.indexOf(c) < 0 ? "" + c : "\\" + c;
    };
  }

  private static String times(int least, int most) {
    if (least == most) {
      return least == 1 ? "" : "{" + least + "}";
    }
    return "{" + least + "," + most + "}";
  }
}
