package dev.sluice.quality.profile;

import dev.sluice.quality.profile.ColumnProfile.Spread;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Optional;

/** Ranges of dates and times: they have a beginning, and no end, as time goes on. */
final class Calendar {
  private static final BigDecimal MICROS_PER_DAY = BigDecimal.valueOf(86_400_000_000L);
  private static final int LAST_YEAR = 9999;

  private Calendar() {}

  /** Not before the year of the earliest; empty where that is no year of four digits. */
  static Optional<Proposed> since(ColumnProfile column) {
    Spread spread = column.spread().orElseThrow();
    LocalDate first = day(column.kind(), spread.min());
    LocalDate last = day(column.kind(), spread.max());
    if (first.getYear() < 1 || first.getYear() > LAST_YEAR) {
      return Optional.empty();
    }
    String january = String.format(Locale.ROOT, "%04d-01-01", first.getYear());
    String clock = column.kind() == Kind.DATE ? "" : "T00:00:00";
    String zone = column.kind() == Kind.TIME ? "Z" : "";
    return Optional.of(
        Proposed.of("expect_column_values_to_be_between", column)
            .text("min_value", january + clock + zone)
            .because("from %s to %s; no end, as time goes on", first, last));
  }

  private static LocalDate day(Kind kind, BigDecimal since1970) {
    return kind == Kind.DATE
        ? LocalDate.ofEpochDay(since1970.longValueExact())
        : LocalDate.ofEpochDay(
            since1970.divide(MICROS_PER_DAY, 0, RoundingMode.FLOOR).longValueExact());
  }
}
