package dev.sluice.quality;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;

import dev.sluice.quality.Check.AggregateCheck;
import dev.sluice.quality.Check.KeyCheck;
import dev.sluice.quality.Check.RowCheck;
import dev.sluice.quality.Verdict.Answer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Answers a plan from what a run has staged: bits that were counted, and the rows themselves. */
public final class Staged {
  private static final int SAMPLES = 20;

  private final SuitePlan plan;
  private final Tally tally;
  private final Dataset<Row> rows;

  private Staged(SuitePlan plan, Tally tally, Dataset<Row> rows) {
    this.plan = plan;
    this.tally = tally;
    this.rows = rows;
  }

  /**
   * Answers every expectation of a plan.
   *
   * @param tally the bits of the rows that were staged
   * @param rows all rows that were staged, good and bad; read only where bits do not answer
   */
  public static List<Answer> answer(SuitePlan plan, Tally tally, Dataset<Row> rows) {
    return new Staged(plan, tally, rows).answers();
  }

  private List<Answer> answers() {
    Map<SuitePlan.Planned, List<Object>> aggregates = aggregates();
    List<Answer> answers = new ArrayList<>();
    for (SuitePlan.Planned planned : plan.planned()) {
      answers.add(answer(planned, aggregates));
    }
    return answers;
  }

  private Answer answer(
      SuitePlan.Planned planned, Map<SuitePlan.Planned, List<Object>> aggregates) {
    if (planned.check() instanceof RowCheck check) {
      return rows(planned, check);
    }
    if (planned.check() instanceof KeyCheck check) {
      return key(planned, check);
    }
    if (planned.check() instanceof AggregateCheck check) {
      return of(planned, check.judge().apply(aggregates.get(planned)));
    }
    return of(planned, ((Check.SchemaCheck) planned.check()).outcome());
  }

  /** Evaluates the aggregates of all checks in one pass. */
  private Map<SuitePlan.Planned, List<Object>> aggregates() {
    Map<SuitePlan.Planned, List<Object>> values = new HashMap<>();
    List<SuitePlan.Planned> asking =
        plan.planned().stream().filter(p -> p.check() instanceof AggregateCheck).toList();
    if (asking.isEmpty()) {
      return values;
    }
    List<Column> all = new ArrayList<>();
    for (SuitePlan.Planned planned : asking) {
      for (Column aggregate : ((AggregateCheck) planned.check()).aggregates()) {
        all.add(aggregate.as("a" + all.size()));
      }
    }
    Row row = rows.agg(all.get(0), all.subList(1, all.size()).toArray(Column[]::new)).first();
    int next = 0;
    for (SuitePlan.Planned planned : asking) {
      List<Object> own = new ArrayList<>();
      for (int i = 0; i < ((AggregateCheck) planned.check()).aggregates().size(); i++) {
        own.add(row.get(next++));
      }
      values.put(planned, own);
    }
    return values;
  }

  private Answer rows(SuitePlan.Planned planned, RowCheck check) {
    long unexpected = tally.failed(planned.bit());
    long missing = tally.missing(planned.bit(), plan.words());
    List<Object> samples = unexpected == 0 ? List.of() : samples(check);
    return counted(planned, evaluated(), missing, unexpected, check.mostly(), samples);
  }

  private List<Object> samples(RowCheck check) {
    Column[] columns = check.columns().stream().map(Staged::quoted).toArray(Column[]::new);
    return rows.where(check.unexpected()).select(columns).limit(SAMPLES).collectAsList().stream()
        .map(row -> check.columns().size() == 1 ? plain(row.get(0)) : pair(row))
        .toList();
  }

  private Answer key(SuitePlan.Planned planned, KeyCheck check) {
    Column[] keys = check.columns().stream().map(Staged::quoted).toArray(Column[]::new);
    Dataset<Row> copies =
        rows.where(not(check.missing()))
            .groupBy(keys)
            .agg(count(lit(1)).as("_sluice_copies"))
            .where(col("_sluice_copies").gt(1));
    Row total = copies.agg(sum(col("_sluice_copies"))).first();
    long unexpected = total.isNullAt(0) ? 0 : total.getLong(0);
    long missing = rows.where(check.missing()).count();
    List<Object> samples = unexpected == 0 ? List.of() : samples(check, copies);
    return counted(planned, evaluated(), missing, unexpected, check.mostly(), samples);
  }

  /** Every copy of a key is a sample, as each of them is a failing row. */
  private static List<Object> samples(KeyCheck check, Dataset<Row> copies) {
    return copies.limit(SAMPLES).collectAsList().stream()
        .flatMap(row -> Collections.nCopies(copies(check, row), key(check, row)).stream())
        .limit(SAMPLES)
        .toList();
  }

  private static int copies(KeyCheck check, Row row) {
    return (int) Math.min(SAMPLES, row.getLong(check.columns().size()));
  }

  private long evaluated() {
    return tally.rows() - tally.unreadable();
  }

  private static Answer counted(
      SuitePlan.Planned planned,
      long elements,
      long missing,
      long unexpected,
      double mostly,
      List<Object> samples) {
    long present = elements - missing;
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("element_count", elements);
    result.put("unexpected_count", unexpected);
    result.put("unexpected_percent", percent(unexpected, present));
    result.put("partial_unexpected_list", samples);
    result.put("missing_count", missing);
    result.put("missing_percent", percent(missing, elements));
    result.put("unexpected_percent_total", percent(unexpected, elements));
    result.put("unexpected_percent_nonmissing", percent(unexpected, present));
    boolean success = present == 0 || (double) (present - unexpected) / (double) present >= mostly;
    return new Answer(planned, success, unexpected, result, Optional.empty());
  }

  private static Answer of(SuitePlan.Planned planned, Check.Outcome outcome) {
    return new Answer(planned, outcome.success(), 0, outcome.result(), Optional.empty());
  }

  private static Double percent(long part, long whole) {
    return whole == 0 ? null : 100.0 * part / whole;
  }

  private static Object key(KeyCheck check, Row row) {
    if (check.columns().size() == 1) {
      return plain(row.get(0));
    }
    Map<String, Object> values = new LinkedHashMap<>();
    for (int i = 0; i < check.columns().size(); i++) {
      values.put(check.columns().get(i), plain(row.get(i)));
    }
    return values;
  }

  /** The two values of a pair, in Great Expectations' form. */
  private static List<Object> pair(Row row) {
    return Arrays.asList(plain(row.get(0)), plain(row.get(1)));
  }

  /** Numbers, texts and booleans stay; all else becomes the text that Spark shows. */
  private static Object plain(Object value) {
    return value == null || value instanceof Number || value instanceof Boolean
        ? value
        : value.toString();
  }

  private static Column quoted(String name) {
    return col("`" + name.replace("`", "``") + "`");
  }
}
