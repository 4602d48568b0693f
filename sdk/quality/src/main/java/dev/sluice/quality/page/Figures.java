package dev.sluice.quality.page;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Locale;

/** How numbers are shown. */
final class Figures {
  private Figures() {}

  /** A number of the data in full; only one that would be very long keeps its exponent. */
  static String plain(JsonNode number) {
    if (!number.isNumber() || number.isIntegralNumber() || !Double.isFinite(number.doubleValue())) {
      return number.asText();
    }
    BigDecimal exact = new BigDecimal(number.asText());
    boolean brief = Math.abs(exact.precision() - exact.scale()) <= 20;
    return brief ? exact.stripTrailingZeros().toPlainString() : number.asText();
  }

  /** A count with separators of thousands. */
  static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** A count of things: {@code 1 row}, {@code 1,234 rows}. */
  static String count(long count, String thing) {
    return count(count) + " " + (count == 1 ? thing : thing + "s");
  }

  /** A percentage that is never shown as none or all where it is neither. */
  static String percent(double percent) {
    if (percent > 0 && percent < 0.01) {
      return "< 0.01 %";
    }
    if (percent < 100 && percent > 99.99) {
      return "> 99.99 %";
    }
    return decimal(percent, 2) + " %";
  }

  /** A number with at most so many decimals and no idle zeros. */
  static String decimal(double value, int decimals) {
    String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
    return text.contains(".") ? text.replaceFirst("\\.?0+$", "") : text;
  }
}
