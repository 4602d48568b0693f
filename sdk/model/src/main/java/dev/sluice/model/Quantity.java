package dev.sluice.model;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An amount of memory or cores as Kubernetes writes it: {@code 2Gi}, {@code 500m}. */
public final class Quantity {
  private static final Pattern TEXT = Pattern.compile("(\\d+(?:\\.\\d+)?)(m|Ki|Mi|Gi|Ti|k|M|G|T)?");
  private static final Map<String, BigDecimal> UNITS =
      Map.of(
          "m", new BigDecimal("0.001"),
          "Ki", BigDecimal.valueOf(1L << 10),
          "Mi", BigDecimal.valueOf(1L << 20),
          "Gi", BigDecimal.valueOf(1L << 30),
          "Ti", BigDecimal.valueOf(1L << 40),
          "k", BigDecimal.valueOf(1_000),
          "M", BigDecimal.valueOf(1_000_000),
          "G", BigDecimal.valueOf(1_000_000_000L),
          "T", BigDecimal.valueOf(1_000_000_000_000L));

  private Quantity() {}

  /** Whether a text is one. */
  public static boolean is(String text) {
    return TEXT.matcher(text).matches();
  }

  /** Reads bytes, or cores, of which a part counts as a whole. */
  public static long parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw SluiceException.config(
          "Cannot read the amount '%s': it is none. Write it like 2Gi or 500m", text);
    }
    BigDecimal unit = parts.group(2) == null ? BigDecimal.ONE : UNITS.get(parts.group(2));
    return new BigDecimal(parts.group(1))
        .multiply(unit)
        .setScale(0, RoundingMode.CEILING)
        .longValueExact();
  }
}
