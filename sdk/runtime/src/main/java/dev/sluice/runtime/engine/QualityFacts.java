package dev.sluice.runtime.engine;

import dev.sluice.model.Receipt;
import dev.sluice.quality.Suite;
import dev.sluice.quality.ValidationResult;
import dev.sluice.quality.Verdict;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A verdict as the receipt tells it. */
final class QualityFacts {
  private QualityFacts() {}

  static Receipt.Quality of(Suite suite, Verdict verdict, String runId) {
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
        Optional.of(ValidationResult.of(suite, verdict, runId, Instant.now())));
  }
}
