package dev.sluice.quality;

import dev.sluice.quality.Check.KeyCheck;
import dev.sluice.quality.Verdict.Answer;
import dev.sluice.quality.Verdict.Decision;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Turns answers into a decision, by the policy of the suite and of each expectation. */
public final class Gate {
  private Gate() {}

  /** The decision over a run whose rows were staged and counted. */
  public static Verdict decide(Suite suite, Tally tally, List<Answer> answers) {
    Optional<String> badInput = badInput(suite, tally);
    if (badInput.isPresent()) {
      return new Verdict(Decision.REFUSE, badInput, true, answers);
    }
    Optional<String> rule =
        answers.stream()
            .map(answer -> refusal(suite, tally, answer))
            .flatMap(Optional::stream)
            .findFirst();
    if (rule.isPresent()) {
      return new Verdict(Decision.REFUSE, rule, false, answers);
    }
    Decision decision = suite.expectations().isEmpty() ? Decision.NONE : Decision.PUBLISH;
    return new Verdict(decision, Optional.empty(), false, answers);
  }

  private static Optional<String> badInput(Suite suite, Tally tally) {
    double share = share(tally.unreadable(), tally.rows());
    return share <= suite.badInputLimit()
        ? Optional.empty()
        : Optional.of(
            text(
                "%d of %d rows (%s) could not be read, the limit is %s",
                tally.unreadable(), tally.rows(), percent(share), percent(suite.badInputLimit())));
  }

  private static Optional<String> refusal(Suite suite, Tally tally, Answer answer) {
    String id = answer.planned().expectation().id();
    if (answer.error().isPresent()) {
      return answer.planned().onFailure() == OnFailure.WARN
          ? Optional.empty()
          : Optional.of(text("%s could not be answered (%s)", id, answer.error().get()));
    }
    return switch (answer.planned().onFailure()) {
      case WARN -> Optional.empty();
      case REFUSE ->
          answer.success() ? Optional.empty() : Optional.of(text("%s %s", id, seen(answer)));
      case QUARANTINE -> {
        long rows = tally.rows() - tally.unreadable();
        Limit limit = suite.quarantineLimit();
        yield within(limit, answer, rows)
            ? Optional.empty()
            : Optional.of(
                text(
                    "%s fails in %s (%s), the limit is %s",
                    id,
                    rows(answer.unexpected()),
                    percent(share(answer.unexpected(), rows)),
                    mostly(answer).map(least -> percent(1 - least)).orElse(limit.text())));
      }
    };
  }

  /** Compares shares of passing rows with {@code mostly}, as 0.1 is not within 1 - 0.9. */
  private static boolean within(Limit limit, Answer answer, long rows) {
    return mostly(answer)
        .map(least -> rows == 0 || share(rows - answer.unexpected(), rows) >= least)
        .orElseGet(() -> limit.holds(answer.unexpected(), rows));
  }

  private static Optional<Double> mostly(Answer answer) {
    boolean given = answer.planned().expectation().kwargs().hasNonNull("mostly");
    return given
        ? Optional.of(answer.planned().expectation().kwargs().get("mostly").asDouble())
        : Optional.empty();
  }

  private static String seen(Answer answer) {
    if (answer.planned().check() instanceof KeyCheck) {
      return text("finds %d rows that are not unique", answer.unexpected());
    }
    if (answer.unexpected() > 0) {
      return "fails in " + rows(answer.unexpected());
    }
    Object observed = answer.result().get("observed_value");
    return observed == null ? "does not hold" : "does not hold: observed " + observed;
  }

  private static String rows(long count) {
    return count == 1 ? "1 row" : count + " rows";
  }

  private static double share(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  private static String percent(double share) {
    return text("%.2f %%", share * 100);
  }

  private static String text(String format, Object... args) {
    return String.format(Locale.ROOT, format, args);
  }
}
