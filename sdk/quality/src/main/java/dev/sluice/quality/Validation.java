package dev.sluice.quality;

import dev.sluice.quality.Verdict.Answer;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A suite over rows that nobody writes: for tests, notebooks and the comparison with others.
 *
 * <p>A run answers its suite from what it has staged; here the rows are read for every kind of
 * question again, so they must be the same each time.
 *
 * @param suite the suite
 * @param verdict the answers, and what a gate would decide
 */
public record Validation(Suite suite, Verdict verdict) {

  /** Answers a suite over all rows. */
  public static Validation of(Suite suite, Dataset<Row> rows) {
    return of(suite, rows, OtherTables.NONE);
  }

  /** Answers a suite that may name further tables. */
  public static Validation of(Suite suite, Dataset<Row> rows, OtherTables tables) {
    SuitePlan plan = SuitePlan.compile(suite, rows.schema(), tables);
    Tally tally = tally(plan, rows);
    List<Answer> answers = Staged.answer(plan, tally, rows);
    return new Validation(suite, Gate.decide(suite, tally, answers));
  }

  /** Great Expectations' validation result, as a tree of maps and lists. */
  public Map<String, Object> result() {
    return ValidationResult.of(suite, verdict, "validation", Instant.now());
  }

  private static Tally tally(SuitePlan plan, Dataset<Row> rows) {
    Tally tally = new Tally(plan.words());
    Dataset<Row> words = rows.select(plan.wordColumns().toArray(Column[]::new));
    Partitions.each(words, new Count(plan.words(), plan.quarantineMask())).forEach(tally::merge);
    return tally;
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Count(int words, long[] quarantine) implements Partitions.Look<Tally> {
    @Override
    public Tally apply(Iterator<Row> rows) {
      Tally tally = new Tally(words);
      long[] bits = new long[words];
      while (rows.hasNext()) {
        Row row = rows.next();
        boolean bad = false;
        for (int i = 0; i < words; i++) {
          bits[i] = row.getLong(i);
          bad |= (bits[i] & quarantine[i]) != 0;
        }
        tally.add(bits, false, bad);
      }
      return tally;
    }
  }
}
