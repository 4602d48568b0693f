package dev.sluice.model;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Cuts a receipt down to what a termination message holds, least important things first. */
final class ReceiptText {
  private static final int FAILED_SHOWN = 5;

  /** Each cut is made only where all before it were not enough. */
  private static final List<UnaryOperator<Receipt>> CUTS =
      List.of(
          receipt -> withFailure(receipt, Integer.MAX_VALUE, 4),
          receipt -> withFailure(receipt, 1500, 2),
          receipt -> withFailure(receipt, 600, 0));

  private ReceiptText() {}

  static String brief(Receipt receipt) {
    Receipt cut = withoutDetail(receipt);
    String text = Json.line(cut);
    for (UnaryOperator<Receipt> more : CUTS) {
      if (text.getBytes(StandardCharsets.UTF_8).length <= Receipt.BRIEF_BYTES) {
        break;
      }
      cut = more.apply(cut);
      text = Json.line(cut);
    }
    return text;
  }

  private static Receipt withoutDetail(Receipt r) {
    Optional<Receipt.Quality> quality =
        r.quality()
            .map(
                q ->
                    new Receipt.Quality(
                        q.suite(),
                        q.success(),
                        q.decision(),
                        q.rule(),
                        q.evaluated(),
                        q.unsuccessful(),
                        q.failed().subList(0, Math.min(FAILED_SHOWN, q.failed().size())),
                        Optional.empty()));
    return copy(r, quality, r.error());
  }

  private static Receipt withFailure(Receipt r, int messageChars, int frames) {
    Optional<Receipt.Failure> error =
        r.error()
            .map(
                e ->
                    new Receipt.Failure(
                        e.kind(),
                        e.phase(),
                        e.message().length() <= messageChars
                            ? e.message()
                            : e.message().substring(0, messageChars) + "…",
                        e.retryable(),
                        e.stack().subList(0, Math.min(frames, e.stack().size()))));
    return copy(r, r.quality(), error);
  }

  private static Receipt copy(
      Receipt r, Optional<Receipt.Quality> quality, Optional<Receipt.Failure> error) {
    return new Receipt(
        r.receiptVersion(),
        r.sdkVersion(),
        r.job(),
        r.runToken(),
        r.runId(),
        r.runKey(),
        r.status(),
        r.phase(),
        r.exitCode(),
        r.interval(),
        r.target(),
        r.rows(),
        quality,
        Optional.empty(),
        r.memory(),
        new Receipt.Timings(
            r.timings().jvmStartedAt(),
            r.timings().startedAt(),
            r.timings().finishedAt(),
            r.timings().totalMs(),
            Optional.empty()),
        error,
        Optional.empty(),
        r.receiptUri());
  }
}
