package dev.sluice.runtime.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.model.Json;
import dev.sluice.model.Receipt;
import dev.sluice.model.Sdk;
import dev.sluice.quality.Suite;
import dev.sluice.quality.ValidationResult;
import dev.sluice.quality.Verdict;
import dev.sluice.quality.Verdict.Decision;
import dev.sluice.quality.history.AnomalyRules;
import dev.sluice.quality.history.Finding;
import dev.sluice.quality.history.Metric;
import dev.sluice.quality.history.Metrics;
import dev.sluice.quality.page.PageFacts;
import dev.sluice.quality.page.ResultPage;
import dev.sluice.runtime.lake.Lake;
import dev.sluice.runtime.lake.MetricsTable;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a run's suite says, compared with earlier runs, and left where people and tools look. */
final class QualityReport {
  private final Bound bound;
  private final Lake lake;
  private final Suite suite;
  private final String runId;
  private final Instant time = Instant.now();
  private final Receipt.Rows rows;
  private final Optional<MetricsTable> table;
  private final Map<String, Object> validation;
  private final List<Metric> metrics;
  private final Verdict verdict;

  private QualityReport(
      Bound bound, Lake lake, Suite suite, String runId, Verdict gate, Receipt.Rows rows) {
    this.bound = bound;
    this.lake = lake;
    this.suite = suite;
    this.runId = runId;
    this.rows = rows;
    this.table = bound.spec().table().map(lake::metrics);
    this.validation = ValidationResult.of(suite, gate, runId, time);
    this.metrics = Metrics.of(origin(), rows, json());
    this.verdict = compared(gate);
  }

  /** The report of a run whose gate has decided; earlier runs may make it refuse after all. */
  static QualityReport of(
      Bound bound, Lake lake, Suite suite, String runId, Verdict gate, Receipt.Rows rows) {
    return new QualityReport(bound, lake, suite, runId, gate, rows);
  }

  private Metric.Origin origin() {
    return new Metric.Origin(
        bound.key().toString(),
        runId,
        time,
        bound.spec().target().name(),
        suite.name(),
        suite.fingerprint());
  }

  private JsonNode json() {
    return Json.mapper().valueToTree(validation);
  }

  private Verdict compared(Verdict gate) {
    if (gate.decision() == Decision.REFUSE || suite.anomalies().isEmpty() || table.isEmpty()) {
      return gate;
    }
    List<Metric> history = table.get().history(bound.spec().name());
    return AnomalyRules.judge(suite.anomalies(), history, metrics).stream()
        .filter(Finding::refuses)
        .findFirst()
        .map(
            finding ->
                new Verdict(
                    Decision.REFUSE,
                    Optional.of(finding.id() + ": " + finding.sentence()),
                    false,
                    gate.answers()))
        .orElse(gate);
  }

  /** What happens to the run. */
  Verdict verdict() {
    return verdict;
  }

  /** The report as the receipt tells it. */
  Receipt.Quality facts() {
    List<Receipt.FailedExpectation> failed =
        verdict.failed().stream()
            .sorted(Comparator.comparingLong(Verdict.Answer::unexpected).reversed())
            .map(
                answer ->
                    new Receipt.FailedExpectation(
                        answer.planned().expectation().id(),
                        answer.planned().expectation().type().name(),
                        answer.unexpected()))
            .toList();
    return new Receipt.Quality(
        suite.name(),
        verdict.success(),
        verdict.decision().name(),
        verdict.rule(),
        verdict.answers().size(),
        failed.size(),
        failed,
        Optional.of(pageUri()),
        Optional.of(validation));
  }

  private String pageUri() {
    return String.format(
        "%s/_sluice/pages/%s/%s.html", lake.warehouse(), bound.spec().name(), runId);
  }

  /**
   * Writes the page; what fails there is said, and harms nothing.
   *
   * @param receiptUri where the receipt will lie
   * @param tableUri where the table lies
   */
  QualityReport page(Optional<String> receiptUri, String tableUri) {
    harmless(() -> Documents.write(pageUri(), rendered(receiptUri, tableUri), lake.hadoop()));
    return this;
  }

  /** Appends the figures, for later runs to be compared with; those of a refused run are not. */
  void remember() {
    harmless(() -> table.ifPresent(there -> there.append(metrics)));
  }

  /** Something that may fail without failing the run. */
  private interface Keeping {
    void keep() throws IOException;
  }

  private void harmless(Keeping keeping) {
    try {
      keeping.keep();
    } catch (IOException | RuntimeException e) {
      System.err.println(
          "Cannot keep the quality report of "
              + bound.spec().name()
              + ": "
              + e.getMessage()
              + ". The run itself stands");
    }
  }

  private String rendered(Optional<String> receiptUri, String tableUri) {
    PageFacts facts =
        new PageFacts(
            bound.spec().name(),
            bound.spec().target().name(),
            bound.key().toString(),
            runId,
            verdict.decision(),
            verdict.rule(),
            rows,
            bound.spec().table().map(guarded -> lake.quarantine(guarded).name()),
            time,
            Sdk.version(),
            receiptUri,
            Optional.of(tableUri));
    return ResultPage.render(facts, json());
  }
}
