package dev.sluice.model;

import dev.sluice.model.Receipt.MaintenanceStep;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Cuts a receipt down to what a termination message holds, least important things first. */
final class ReceiptText {

  /** How much of what may be long is kept: characters of texts, members of lists. */
  private record Cut(
      int message,
      int frames,
      int failed,
      int name,
      int warnings,
      int parts,
      int reason,
      boolean spark) {}

  /** Each cut is made only where the one before it was not enough. */
  private static final List<Cut> CUTS =
      List.of(
          new Cut(Integer.MAX_VALUE, Integer.MAX_VALUE, 5, Integer.MAX_VALUE, 5, 5, 160, true),
          new Cut(Integer.MAX_VALUE, 4, 5, Integer.MAX_VALUE, 0, 5, 160, false),
          new Cut(1500, 2, 5, 200, 0, 3, 160, false),
          new Cut(600, 0, 3, 80, 0, 3, 80, false),
          new Cut(120, 0, 0, 80, 0, 1, 40, false));

  private ReceiptText() {}

  static String brief(Receipt receipt) {
    String text = "";
    for (Cut cut : CUTS) {
      text =
          Json.line(
              copy(
                  receipt,
                  range(receipt, cut),
                  quality(receipt, cut),
                  warnings(receipt, cut),
                  failure(receipt, cut),
                  spark(receipt, cut)));
      if (text.getBytes(StandardCharsets.UTF_8).length <= Receipt.BRIEF_BYTES) {
        break;
      }
    }
    return text;
  }

  private static Optional<Receipt.Range> range(Receipt receipt, Cut cut) {
    return receipt
        .range()
        .map(
            r ->
                new Receipt.Range(
                    r.each(),
                    r.parts(),
                    r.committed(),
                    r.alreadyCommitted(),
                    r.failed(),
                    r.notRun(),
                    r.running(),
                    r.runs().stream()
                        .filter(Receipt.Part::isFailed)
                        .limit(cut.parts())
                        .map(part -> shortened(part, cut))
                        .toList()));
  }

  private static Receipt.Part shortened(Receipt.Part failed, Cut cut) {
    return new Receipt.Part(
        failed.interval(),
        failed.runId(),
        failed.status(),
        failed.exitCode(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        failed.error().map(error -> shortened(error, cut.reason())));
  }

  private static Optional<Receipt.Quality> quality(Receipt receipt, Cut cut) {
    return receipt
        .quality()
        .map(
            q ->
                new Receipt.Quality(
                    shortened(q.suite(), cut.name()),
                    q.success(),
                    q.decision(),
                    q.rule().map(rule -> shortened(rule, cut.name())),
                    q.evaluated(),
                    q.unsuccessful(),
                    q.failed().stream().limit(cut.failed()).map(f -> shortened(f, cut)).toList(),
                    q.pageUri(),
                    Optional.empty()));
  }

  private static Receipt.FailedExpectation shortened(Receipt.FailedExpectation failed, Cut cut) {
    return new Receipt.FailedExpectation(
        shortened(failed.id(), cut.name()), failed.type(), failed.unexpected());
  }

  private static Optional<List<String>> warnings(Receipt receipt, Cut cut) {
    return receipt
        .warnings()
        .map(all -> all.stream().limit(cut.warnings()).toList())
        .filter(some -> !some.isEmpty());
  }

  private static Optional<Receipt.Failure> failure(Receipt receipt, Cut cut) {
    return receipt
        .error()
        .map(
            e ->
                new Receipt.Failure(
                    e.kind(),
                    e.phase(),
                    shortened(e.message(), cut.message()),
                    e.retryable(),
                    e.stack().stream().limit(cut.frames()).toList()));
  }

  /** What Spark's history calls the run, where it knows it. */
  private static Optional<Receipt.SparkFacts> spark(Receipt receipt, Cut cut) {
    return receipt.spark().filter(facts -> cut.spark() && facts.eventLog().isPresent());
  }

  /** The steps that have done something: of each table there are several. */
  private static List<MaintenanceStep> done(List<MaintenanceStep> steps) {
    return steps.stream().filter(step -> !step.isNothing()).toList();
  }

  private static String shortened(String text, int length) {
    if (text.length() <= length) {
      return text;
    }
    // Half of a surrogate pair is no character: what follows it could not be encoded.
    int end = Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
    return text.substring(0, end) + "…";
  }

  private static Receipt copy(
      Receipt r,
      Optional<Receipt.Range> range,
      Optional<Receipt.Quality> quality,
      Optional<List<String>> warnings,
      Optional<Receipt.Failure> error,
      Optional<Receipt.SparkFacts> spark) {
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
        range,
        r.target(),
        r.rows(),
        quality,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        r.maintenance().map(ReceiptText::done),
        Optional.empty(),
        r.memory(),
        Optional.empty(),
        new Receipt.Timings(
            r.timings().jvmStartedAt(),
            r.timings().startedAt(),
            r.timings().finishedAt(),
            r.timings().totalMs(),
            Optional.empty()),
        warnings,
        error,
        Optional.empty(),
        spark,
        r.receiptUri());
  }
}
