package dev.sluice.testkit;

import dev.sluice.model.Json;
import dev.sluice.quality.Suite;
import dev.sluice.quality.Validation;
import dev.sluice.quality.Verdict;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The one place of the testkit that asks the engine for a verdict. */
final class Answers {
  private Answers() {}

  static SuiteResult of(Suite suite, Dataset<Row> rows) {
    Verdict verdict = Validation.of(suite, rows).verdict();
    return new SuiteResult(
        suite.name(),
        verdict.decision().name(),
        verdict.rule(),
        verdict.answers().stream().map(Answers::answer).toList());
  }

  private static SuiteResult.Answer answer(Verdict.Answer answer) {
    return new SuiteResult.Answer(
        answer.planned().expectation().id(),
        answer.success(),
        answer.unexpected(),
        answer.error().orElseGet(() -> Json.line(answer.result())));
  }
}
