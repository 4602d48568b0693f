package dev.sluice.quality.profile;

import dev.sluice.quality.profile.ColumnProfile.Spread;
import dev.sluice.quality.profile.ColumnProfile.Texts;
import dev.sluice.quality.profile.ColumnProfile.ValueCount;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The expectations of one column: type, nulls, key, then a set, a range or a pattern. */
final class ColumnProposal {
  /** With fewer rows, that a value did not occur says nothing. */
  private static final int LEAST_ROWS = 20;

  /** A set is proposed where its values occur so many times on average. */
  private static final int COPIES = 4;

  private static final int MOST_TEXTS = 30;

  /** A longer text is prose, not one of a set. */
  private static final int LONGEST = 60;

  private static final int MOST_NUMBERS = 10;
  private static final int SHOWN = 3;
  private static final BigDecimal LONG_MIN = BigDecimal.valueOf(Long.MIN_VALUE);
  private static final BigDecimal LONG_MAX = BigDecimal.valueOf(Long.MAX_VALUE);

  private final ColumnProfile column;
  private final boolean unique;

  ColumnProposal(ColumnProfile column, boolean unique) {
    this.column = column;
    this.unique = unique;
  }

  List<Proposed> expectations() {
    List<Proposed> all = new ArrayList<>();
    all.add(type());
    if (column.present() == 0) {
      return all;
    }
    nulls().ifPresent(all::add);
    if (unique) {
      all.add(key());
    }
    if (isSet()) {
      all.add(set());
      return all;
    }
    switch (column.kind()) {
      case WHOLE -> {
        // The numbers of a key grow: a range would be outgrown.
        if (!unique) {
          range(BigDecimal.ONE).ifPresent(all::add);
        }
      }
      case DECIMAL, FLOATING -> range(BigDecimal.ZERO).ifPresent(all::add);
      case DATE, TIME, LOCAL_TIME -> Calendar.since(column).ifPresent(all::add);
      case TEXT -> all.add(text(column.texts().orElseThrow()));
      case TRUTH, OTHER -> {
        // The type says it all, or nothing can.
      }
    }
    return all;
  }

  private Proposed type() {
    String type = column.type().getClass().getSimpleName().replace("$", "");
    return Proposed.of("expect_column_values_to_be_of_type", column)
        .text("type_", type)
        .because("the column is %s", column.type().simpleString());
  }

  private Optional<Proposed> nulls() {
    Proposed notNull = Proposed.of("expect_column_values_to_not_be_null", column);
    if (column.nulls() == 0) {
      return Optional.of(notNull.because("none of %,d rows was null", column.rows()));
    }
    BigDecimal share = Rounding.share(column.present(), column.rows());
    return share.signum() == 0
        ? Optional.empty()
        : Optional.of(
            notNull
                .mostly(share)
                .because(
                    "%,d of %,d rows were null (%.2f %%); a warning, so that such rows stay",
                    column.nulls(), column.rows(), 100.0 * column.nulls() / column.rows()));
  }

  private Proposed key() {
    return Proposed.of("expect_column_values_to_be_unique", column)
        .because("no value stands twice in %,d rows, counted exactly", column.present());
  }

  private boolean isSet() {
    int values = column.values().size();
    if (values == 0 || column.present() < Math.max(LEAST_ROWS, (long) COPIES * values)) {
      return false;
    }
    return switch (column.kind()) {
      case TEXT -> values <= MOST_TEXTS && column.texts().orElseThrow().longest() <= LONGEST;
      // Numbers without a gap are an amount rather than a code, and have a range.
      case WHOLE -> values <= MOST_NUMBERS && hasGaps(column.spread().orElseThrow());
      case DECIMAL, FLOATING, TRUTH, DATE, TIME, LOCAL_TIME, OTHER -> false;
    };
  }

  private boolean hasGaps(Spread spread) {
    BigDecimal width = spread.max().subtract(spread.min()).add(BigDecimal.ONE);
    return width.compareTo(BigDecimal.valueOf(column.values().size())) > 0;
  }

  private Proposed set() {
    List<Object> values =
        column.values().stream()
            .map(ValueCount::value)
            .sorted(Comparator.comparing(ColumnProposal::order).thenComparing(Object::toString))
            .toList();
    String often =
        column.values().stream()
            .limit(SHOWN)
            .map(v -> String.format(Locale.ROOT, "%s %,d times", v.value(), v.rows()))
            .collect(Collectors.joining(", "));
    return Proposed.of("expect_column_values_to_be_in_set", column)
        .values("value_set", values)
        .because(
            "%s in %,d rows: %s%s",
            values.size() == 1 ? "one value" : values.size() + " different values",
            column.present(),
            often,
            values.size() > SHOWN ? " …" : "");
  }

  private static long order(Object value) {
    return value instanceof Long number ? number : 0;
  }

  private Optional<Proposed> range(BigDecimal smallestStep) {
    return column.spread().flatMap(spread -> range(spread, smallestStep));
  }

  private Optional<Proposed> range(Spread spread, BigDecimal smallestStep) {
    Rounding.Range range = Rounding.outward(spread.min(), spread.max(), smallestStep);
    boolean whole = column.kind() == Kind.WHOLE;
    BigDecimal min = whole ? range.min().max(LONG_MIN) : range.min();
    BigDecimal max = whole ? range.max().min(LONG_MAX) : range.max();
    // An end that no double reaches would be infinite when it is read again.
    if (Double.isInfinite(min.doubleValue()) || Double.isInfinite(max.doubleValue())) {
      return Optional.empty();
    }
    Proposed between =
        Proposed.of("expect_column_values_to_be_between", column)
            .number("min_value", min)
            .number("max_value", max)
            .because(
                "from %s to %s, mean %s%s",
                shown(spread.min()),
                shown(spread.max()),
                String.format(Locale.ROOT, "%.4g", spread.mean()),
                spread.notFinite() == 0
                    ? ""
                    : String.format(
                        Locale.ROOT,
                        "; %,d values are NaN or infinite, a warning, so that such rows stay",
                        spread.notFinite()));
    if (spread.notFinite() == 0) {
      return Optional.of(between);
    }
    BigDecimal share = Rounding.share(column.present() - spread.notFinite(), column.present());
    return share.signum() == 0 ? Optional.empty() : Optional.of(between.mostly(share));
  }

  private static String shown(BigDecimal number) {
    BigDecimal plain = number.stripTrailingZeros();
    return plain.precision() - plain.scale() > 20 || plain.scale() > 20
        ? plain.toString()
        : plain.toPlainString();
  }

  /** A pattern where texts are codes, else their lengths. */
  private Proposed text(Texts texts) {
    Optional<Patterns> patterns =
        column.present() < LEAST_ROWS ? Optional.empty() : Patterns.of(texts, column.present());
    return patterns.map(this::pattern).orElseGet(() -> lengths(texts));
  }

  private Proposed pattern(Patterns patterns) {
    Proposed match =
        Proposed.of("expect_column_values_to_match_regex", column)
            .text("regex", patterns.regex())
            .because(
                "%,d of %,d values look like %s (A, a: letters, 9: digits); %s",
                patterns.rows(), column.present(), patterns.shapes(), distinct());
    return patterns.rows() == column.present()
        ? match
        : match.mostly(Rounding.share(patterns.rows(), column.present()));
  }

  private Proposed lengths(Texts texts) {
    Rounding.Range range =
        Rounding.outward(
            BigDecimal.valueOf(texts.shortest()),
            BigDecimal.valueOf(texts.longest()),
            BigDecimal.ONE);
    return Proposed.of("expect_column_value_lengths_to_be_between", column)
        .number("min_value", range.min())
        .number("max_value", range.max())
        .because("%d to %d characters; %s", texts.shortest(), texts.longest(), distinct());
  }

  private String distinct() {
    return switch (column.counting()) {
      case EXACT -> String.format(Locale.ROOT, "%,d distinct", column.distinct());
      case ESTIMATED ->
          String.format(
              Locale.ROOT,
              "about %,d distinct",
              BigDecimal.valueOf(column.distinct()).round(new MathContext(2)).longValue());
    };
  }
}
