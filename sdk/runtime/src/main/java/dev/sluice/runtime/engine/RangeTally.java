package dev.sluice.runtime.engine;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.ExitCode;
import dev.sluice.model.Interval;
import dev.sluice.model.Lineage;
import dev.sluice.model.Receipt;
import dev.sluice.model.Receipt.Status;
import dev.sluice.runtime.spi.Staging;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keeps what has become of the parts of a range, and what their receipts make together. */
final class RangeTally {
  /** A part that has failed. */
  record Failed(Interval interval, Status status, int exitCode, Receipt.Failure error) {
    /**
     * Whether what ails this part would ail those after it: settings, memory, the platform below.
     */
    boolean hitsAll() {
      return error.kind() == ErrorKind.CONFIG
          || exitCode == ExitCode.MEMORY.value()
          || exitCode == ExitCode.TERMINATED.value()
          || (error.kind() == ErrorKind.INFRA && exitCode == ExitCode.TRANSIENT.value());
    }
  }

  private final Each each;
  private final List<Interval> intervals;
  private final Map<Interval, Receipt.Part> runs = new LinkedHashMap<>();
  private final List<Failed> failed = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final Map<String, Long> phases = new LinkedHashMap<>();
  private final RangeInputs inputs = new RangeInputs();
  private Optional<Interval> running = Optional.empty();
  private Optional<Receipt.Rows> rows = Optional.empty();
  private Optional<Receipt.TargetFacts> target = Optional.empty();
  private Optional<Staging.Files> files = Optional.empty();
  private Optional<Lineage> lineage = Optional.empty();

  RangeTally(Each each, List<Interval> intervals) {
    this.each = each;
    this.intervals = intervals;
  }

  void begins(Interval part) {
    running = Optional.of(part);
  }

  /** Notes how a part has ended. */
  void add(Interval part, Receipt receipt) {
    running = Optional.empty();
    runs.put(part, run(part, receipt));
    receipt
        .timings()
        .phasesMs()
        .ifPresent(spent -> spent.forEach((name, ms) -> phases.merge(name, ms, Long::sum)));
    receipt
        .warnings()
        .ifPresent(said -> said.forEach(text -> warnings.add(part.brief() + ": " + text)));
    if (receipt.status().isPublished()) {
      addPublished(receipt);
    } else {
      target = target.or(receipt::target);
      failed.add(
          new Failed(
              part,
              receipt.status(),
              receipt.exitCode().orElseThrow(),
              receipt.error().orElseThrow()));
    }
  }

  private static Receipt.Part run(Interval part, Receipt receipt) {
    return new Receipt.Part(
        part,
        Optional.of(receipt.runId()),
        Optional.of(receipt.status()),
        receipt.exitCode(),
        receipt.rows(),
        receipt.timings().totalMs(),
        receipt.receiptUri(),
        receipt.error().map(error -> error.message().lines().findFirst().orElse("")));
  }

  private void addPublished(Receipt receipt) {
    target = receipt.target();
    rows = receipt.rows().map(more -> rows.map(more::plus).orElse(more)).or(() -> rows);
    receipt.inputs().ifPresent(inputs::add);
    lineage = receipt.lineage().or(() -> lineage);
    receipt
        .target()
        .filter(facts -> facts.files().isPresent())
        .ifPresent(facts -> addFiles(facts.files().get(), facts.bytes().orElse(0L)));
  }

  private void addFiles(long count, long bytes) {
    Staging.Files before = files.orElse(new Staging.Files(0, 0));
    files = Optional.of(new Staging.Files(before.count() + count, before.bytes() + bytes));
  }

  /** How the parts stand. */
  Receipt.Range range() {
    int committed = count(Status.COMMITTED);
    int already = count(Status.ALREADY_COMMITTED);
    int notPublished = (int) runs.values().stream().filter(Receipt.Part::isFailed).count();
    return new Receipt.Range(
        each.word(),
        intervals.size(),
        committed,
        already,
        notPublished,
        intervals.size() - committed - already - notPublished,
        running,
        intervals.stream()
            .map(part -> runs.getOrDefault(part, Receipt.Part.notRun(part)))
            .toList());
  }

  private int count(Status status) {
    return (int)
        runs.values().stream()
            .filter(run -> run.status().filter(status::equals).isPresent())
            .count();
  }

  /** Whether the parts after the last one would fail as it did. */
  boolean isHopeless() {
    return last().filter(Failed::hitsAll).isPresent();
  }

  private Optional<Failed> last() {
    return failed.isEmpty() ? Optional.empty() : Optional.of(failed.get(failed.size() - 1));
  }

  /**
   * The failure by which the range is judged, if there is one. What has kept the rest from running
   * comes first: nobody gets past it. Then the first that a retry may cure: it is worth one, and
   * finds the others again. Else the first.
   */
  Optional<Failed> deciding() {
    return last()
        .filter(Failed::hitsAll)
        .or(() -> failed.stream().filter(one -> one.error().retryable()).findFirst())
        .or(() -> failed.stream().findFirst());
  }

  /** Hands what the receipts make together to the book of the range's own. */
  void fill(ReceiptBook book) {
    book.range(range());
    book.phases(phases);
    book.warnings(warnings);
    book.files(files);
    target.ifPresent(
        facts -> book.target(facts.kind(), facts.name(), facts.uri(), facts.snapshotId()));
    rows.ifPresent(book::rows);
    inputs.inputs().ifPresent(book::inputs);
    lineage.ifPresent(book::lineage);
  }
}
