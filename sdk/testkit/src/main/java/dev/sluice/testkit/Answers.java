package dev.sluice.testkit;

import dev.sluice.model.Json;
import dev.sluice.quality.Gate;
import dev.sluice.quality.Staged;
import dev.sluice.quality.Suite;
import dev.sluice.quality.SuitePlan;
import dev.sluice.quality.Tally;
import dev.sluice.quality.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The one place of the testkit that asks the engine for a verdict. */
final class Answers {
  private Answers() {}

  static SuiteResult of(Suite suite, Dataset<Row> rows) {
    Verdict verdict = verdict(suite, rows);
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

  private static Verdict verdict(Suite suite, Dataset<Row> rows) {
    SuitePlan plan = SuitePlan.compile(suite, rows.schema());
    List<Column> words = new ArrayList<>(plan.failedWords());
    words.addAll(plan.missingWords());
    Tally tally = new Tally();
    for (Row row : rows.select(words.toArray(Column[]::new)).collectAsList()) {
      long[] bits = new long[words.size()];
      for (int i = 0; i < bits.length; i++) {
        bits[i] = row.getLong(i);
      }
      tally.add(bits, false, false);
    }
    return Gate.decide(suite, tally, Staged.answer(plan, tally, rows));
  }
}
