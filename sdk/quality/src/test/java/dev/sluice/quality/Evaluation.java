package dev.sluice.quality;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.model.Json;
import dev.sluice.quality.Verdict.Answer;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A suite over rows, the way a run does it: words, tally, answers, verdict, result. */
record Evaluation(SuitePlan plan, Tally tally, List<Answer> answers, Verdict verdict) {
  private static final Instant TIME = Instant.parse("2026-11-23T23:15:00Z");

  static Evaluation of(String suite, Dataset<Row> rows) {
    return of(suite, rows, 0);
  }

  /** The same where so many further rows could not be read. */
  static Evaluation of(String suite, Dataset<Row> rows, int unreadable) {
    return of(suite, rows, unreadable, OtherTables.NONE);
  }

  /** The same for a suite that names further tables. */
  static Evaluation of(String suite, Dataset<Row> rows, int unreadable, OtherTables tables) {
    SuitePlan plan =
        SuitePlan.compile(SuiteParser.parse(suite, "test.json"), rows.schema(), tables)
            .refuseMistakes();
    Tally tally = tally(plan, rows);
    for (int i = 0; i < unreadable; i++) {
      tally.add(new long[plan.words()], true, true);
    }
    List<Answer> answers = Staged.answer(plan, tally, rows);
    return new Evaluation(plan, tally, answers, Gate.decide(plan.suite(), tally, answers));
  }

  /** The result in Great Expectations' form, as it would be read from a receipt. */
  JsonNode result() {
    try {
      return Json.mapper()
          .readTree(Json.line(ValidationResult.of(plan.suite(), verdict, "run-1", TIME)));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Counts as writing tasks do, row by row. */
  private static Tally tally(SuitePlan plan, Dataset<Row> rows) {
    long[] quarantine = plan.quarantineMask();
    Tally tally = new Tally(plan.words());
    for (Row row : rows.select(plan.wordColumns().toArray(Column[]::new)).collectAsList()) {
      long[] bits = new long[plan.words()];
      boolean bad = false;
      for (int i = 0; i < bits.length; i++) {
        bits[i] = row.getLong(i);
        bad |= (bits[i] & quarantine[i]) != 0;
      }
      tally.add(bits, false, bad);
    }
    return tally;
  }
}
