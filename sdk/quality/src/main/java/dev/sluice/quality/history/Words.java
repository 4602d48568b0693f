package dev.sluice.quality.history;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** The sentences of findings. */
final class Words {
  private Words() {}

  static String needs(int wanted, int there) {
    return text("needs %s, has %d", runs(wanted, "earlier run"), there);
  }

  static String change(String key, double observed, double baseline, int runs) {
    String than = runs == 1 ? "the last run's " : "the mean of the last " + runs + " runs, ";
    return text("%s is %s: %s", key, number(observed), moved(observed, baseline))
        + text(" %s%s", than, number(baseline));
  }

  private static String moved(double observed, double baseline) {
    if (observed == baseline) {
      return "the same as";
    }
    String way = observed > baseline ? "above" : "below";
    return baseline == 0
        ? way
        : text("%s %% %s", number(100 * Math.abs(observed / baseline - 1)), way);
  }

  static String score(String key, double observed, double mean, double deviation, int runs) {
    String among = text("the mean %s of the last %s", number(mean), runs(runs, "run"));
    String is = text("%s is %s: ", key, number(observed));
    if (deviation == 0) {
      return is + (observed == mean ? "as " : "not ") + among + ", which never differed";
    }
    String way = observed < mean ? "below " : "above ";
    return is
        + text("%s standard deviations ", number(Math.abs(observed - mean) / deviation))
        + way
        + among;
  }

  static String limits(double lower, double upper) {
    if (!Double.isFinite(lower)) {
      return text("; the limit is %s", number(upper));
    }
    if (!Double.isFinite(upper)) {
      return text("; the least allowed is %s", number(lower));
    }
    return lower == upper
        ? text("; only %s is allowed", number(lower))
        : text("; the limits are %s and %s", number(lower), number(upper));
  }

  static String age(Optional<String> metric, Duration age, Duration limit) {
    String what = metric.map(key -> key + " is").orElse("the run before was");
    return text("%s %s before this run; the limit is %s", what, time(age), time(limit));
  }

  /** At most four digits after the point, or as many digits where it is small. */
  static String number(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return text("%,d", (long) value);
    }
    if (!Double.isFinite(value) || Math.abs(value) < 1e-3 || Math.abs(value) >= 1e15) {
      return text("%.4g", value);
    }
    return text("%,.4f", value).replaceFirst("0+$", "");
  }

  private static String runs(int count, String word) {
    return text("%d %s%s", count, word, count == 1 ? "" : "s");
  }

  private static String time(Duration duration) {
    if (duration.isNegative()) {
      return "-" + time(duration.negated());
    }
    long days = duration.toDays();
    int hours = duration.toHoursPart();
    int minutes = duration.toMinutesPart();
    if (days > 0) {
      return days + " d" + (hours > 0 ? " " + hours + " h" : "");
    }
    if (hours > 0) {
      return hours + " h" + (minutes > 0 ? " " + minutes + " min" : "");
    }
    return minutes > 0 ? minutes + " min" : duration.toSecondsPart() + " s";
  }

  private static String text(String format, Object... args) {
    return String.format(Locale.ROOT, format, args);
  }
}
