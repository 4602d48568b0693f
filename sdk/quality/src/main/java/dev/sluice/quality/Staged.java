package dev.sluice.quality;

import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;

import dev.sluice.quality.Check.AggregateCheck;
import dev.sluice.quality.Check.BrokenCheck;
import dev.sluice.quality.Check.FollowUpCheck;
import dev.sluice.quality.Check.FrequencyCheck;
import dev.sluice.quality.Check.KeyCheck;
import dev.sluice.quality.Check.OrderCheck;
import dev.sluice.quality.Check.Outcome;
import dev.sluice.quality.Check.PassCheck;
import dev.sluice.quality.Check.RowCheck;
import dev.sluice.quality.Check.SchemaCheck;
import dev.sluice.quality.MapResult.Counts;
import dev.sluice.quality.SuitePlan.Planned;
import dev.sluice.quality.Totals.Total;
import dev.sluice.quality.Verdict.Answer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Answers a plan from what a run has staged: bits that were counted, and the rows themselves. */
public final class Staged {
  private final SuitePlan plan;
  private final Tally tally;
  private final Dataset<Row> rows;
  private final RowNotes.Known known;
  private final Map<Planned, Found> found = new LinkedHashMap<>();
  private final Map<Planned, RowCheck> late = new LinkedHashMap<>();

  /** What is known of one check of single rows before its failing rows are looked at. */
  private record Found(
      List<String> columns, double mostly, Counts counts, List<List<Object>> samples) {}

  private Staged(SuitePlan plan, Tally tally, Dataset<Row> rows, RowNotes.Known known) {
    this.plan = plan;
    this.tally = tally;
    this.rows = rows;
    this.known = known;
  }

  /** Answers every expectation of a plan, where nobody has noted more than bits. */
  static List<Answer> answer(SuitePlan plan, Tally tally, Dataset<Row> rows) {
    return answer(plan, tally, rows, RowNotes.Known.NOTHING);
  }

  /**
   * Answers every expectation of a plan.
   *
   * @param tally the bits of the rows that were staged
   * @param rows all rows that were staged, good and bad; read only where bits do not answer
   * @param known what need not be asked of them
   */
  public static List<Answer> answer(
      SuitePlan plan, Tally tally, Dataset<Row> rows, RowNotes.Known known) {
    return SmallJobs.on(rows.sparkSession(), () -> new Staged(plan, tally, rows, known).answers());
  }

  private List<Answer> answers() {
    Map<Planned, Total> totals = Totals.of(plan.planned(), rows, known.values());
    Map<Planned, Groups.Group> groups = Groups.of(plan.planned(), rows, known.values());
    Map<Planned, Answer> answers = new LinkedHashMap<>();
    for (Planned p : plan.planned()) {
      answers.put(p, guarded(p, () -> answer(p, totals, groups)));
    }
    followUps(totals, answers);
    look();
    found.forEach((p, f) -> answers.put(p, mapped(p, f)));
    List<String> sensitive = plan.suite().sensitive();
    return plan.planned().stream()
        .map(answers::get)
        .map(answer -> Masks.masked(answer, sensitive))
        .toList();
  }

  /** One check that cannot be answered says so, and harms no other. */
  private static Answer guarded(Planned planned, Supplier<Answer> answer) {
    try {
      return answer.get();
    } catch (RuntimeException e) {
      return Answer.errored(planned, SparkErrors.reason(e));
    }
  }

  private Answer answer(Planned p, Map<Planned, Total> totals, Map<Planned, Groups.Group> groups) {
    Check check = p.check();
    if (p.unclear() != SuitePlan.NO_BIT && tally.count(p.unclear()) > 0) {
      return Answer.errored(
          p, String.format("row_condition fails on %d rows", tally.count(p.unclear())));
    }
    if (check instanceof RowCheck rowCheck) {
      return later(p, rowCheck.columns(), rowCheck.mostly(), counts(p), List.of());
    }
    if (check instanceof KeyCheck key) {
      return key(p, key);
    }
    if (check instanceof OrderCheck order) {
      List<String> columns = List.of(order.column());
      Order.Found all =
          Order.of(order, p.scope(), rows, shown(p, columns), MapResult.wanted(format(p)));
      return later(p, columns, order.mostly(), all.counts(), all.samples());
    }
    if (check instanceof AggregateCheck aggregate) {
      return counted(
          from(p, totals.get(p).error(), totals.get(p).values(), aggregate.judge()), totals);
    }
    if (check instanceof FollowUpCheck) {
      return from(
          p, totals.get(p).error(), totals.get(p).values(), any -> new Outcome(true, Map.of()));
    }
    if (check instanceof FrequencyCheck frequency) {
      Groups.Group group = groups.get(p);
      return counted(
          from(p, group.error(), group.frequencies().orElse(null), frequency.judge()), totals);
    }
    if (check instanceof PassCheck pass) {
      return of(p, pass.answer().apply(p.scope().condition().map(rows::where).orElse(rows)));
    }
    return check instanceof BrokenCheck broken
        ? Answer.errored(p, broken.reason())
        : of(p, ((SchemaCheck) check).outcome());
  }

  private static <T> Answer from(
      Planned p, Optional<String> error, T values, Function<T, Outcome> judge) {
    return error
        .map(reason -> Answer.errored(p, reason))
        .orElseGet(() -> of(p, judge.apply(values)));
  }

  /** The same answer with the rows that were looked at, where the result is to tell them. */
  private static Answer counted(Answer answer, Map<Planned, Total> totals) {
    Planned p = answer.planned();
    Optional<Counts> known = Optional.ofNullable(totals.get(p)).flatMap(Total::counts);
    if (answer.error().isPresent() || known.isEmpty()) {
      return answer;
    }
    Counts counts = known.get();
    Map<String, Object> result = new LinkedHashMap<>(answer.result());
    result.put("element_count", counts.elements());
    result.put("missing_count", counts.missing());
    result.put("missing_percent", MapResult.percent(counts.missing(), counts.elements()));
    return new Answer(p, answer.success(), answer.unexpected(), result, Optional.empty());
  }

  private static Answer of(Planned planned, Outcome outcome) {
    boolean told = format(planned).tells(ResultFormat.Level.BASIC);
    return new Answer(
        planned,
        outcome.success(),
        outcome.unexpected().orElse(0L),
        told ? outcome.result() : Map.of(),
        Optional.empty());
  }

  private Counts counts(Planned p) {
    return new Counts(elements(p), missing(p), tally.count(p.failed()));
  }

  private long elements(Planned p) {
    return p.asked() == SuitePlan.NO_BIT ? tally.readable() : tally.count(p.asked());
  }

  private long missing(Planned p) {
    return p.missing() == SuitePlan.NO_BIT ? 0 : tally.count(p.missing());
  }

  private Answer key(Planned p, KeyCheck check) {
    Keys keys = new Keys(check, p.scope(), rows);
    Optional<Dataset<Row>> repeated = keys.repeated();
    long unexpected = repeated.map(Keys::copies).orElse(0L);
    List<List<Object>> samples =
        unexpected == 0
            ? List.of()
            : keys
                .rowsOf(repeated.orElseThrow())
                .select(shown(p, check.columns()).toArray(Column[]::new))
                .limit(MapResult.wanted(format(p)))
                .collectAsList()
                .stream()
                .map(Staged::values)
                .toList();
    Counts counts = new Counts(elements(p), missing(p), unexpected);
    return later(p, check.columns(), check.mostly(), counts, samples);
  }

  /** Counts what needed the totals first: all such checks in one more pass. */
  private void followUps(Map<Planned, Total> totals, Map<Planned, Answer> answers) {
    Map<Planned, RowCheck> next = new LinkedHashMap<>();
    Map<Planned, List<Column>> asking = new LinkedHashMap<>();
    for (Planned p : plan.planned()) {
      if (p.check() instanceof FollowUpCheck check && answers.get(p).error().isEmpty()) {
        try {
          RowCheck row = check.next().apply(totals.get(p).values());
          next.put(p, row);
          asking.put(p, counts(row, p.scope().condition()));
        } catch (RuntimeException e) {
          answers.put(p, Answer.errored(p, SparkErrors.reason(e)));
        }
      }
    }
    Totals.evaluate(asking, rows)
        .forEach(
            (p, total) -> {
              if (total.error().isPresent()) {
                answers.put(p, Answer.errored(p, total.error().get()));
                return;
              }
              long[] n = total.values().stream().mapToLong(v -> (Long) v).toArray();
              RowCheck row = next.get(p);
              later(p, row.columns(), row.mostly(), new Counts(n[0], n[1], n[2]), List.of());
              late.put(p, row);
            });
  }

  private static List<Column> counts(RowCheck row, Optional<Column> condition) {
    Column asked = condition.orElse(lit(true));
    return List.of(
        count_if(asked), count_if(asked.and(row.missing())), count_if(row.failing(condition)));
  }

  /** Shows failing rows of all checks of rows that have some. */
  private void look() {
    Map<Planned, RowCheck> early = new LinkedHashMap<>();
    for (Planned p : plan.planned()) {
      if (p.check() instanceof RowCheck check && found.containsKey(p)) {
        early.put(p, check);
      }
    }
    look(early, known.failing().orElse(rows));
    look(late, rows);
  }

  private void look(Map<Planned, RowCheck> checks, Dataset<Row> among) {
    List<Planned> looking = new ArrayList<>();
    List<Samples.Wanted> wanted = new ArrayList<>();
    checks.forEach(
        (p, check) -> {
          Found f = found.get(p);
          int most = MapResult.wanted(format(p));
          if (f.counts().unexpected() > 0 && most > 0) {
            Column failing = check.failing(p.scope().condition());
            looking.add(p);
            wanted.add(new Samples.Wanted(failing, shown(p, check.columns()), most));
          }
        });
    List<List<List<Object>>> samples = Samples.of(among, wanted);
    for (int i = 0; i < looking.size(); i++) {
      Found f = found.get(looking.get(i));
      found.put(looking.get(i), new Found(f.columns(), f.mostly(), f.counts(), samples.get(i)));
    }
  }

  private static List<Column> shown(Planned p, List<String> columns) {
    List<Column> shown = new ArrayList<>();
    for (String name : columns) {
      shown.add(Plain.shown(p.scope().column(name), p.scope().typeOf(name)));
    }
    for (String name : format(p).unexpectedIndexColumnNames()) {
      shown.add(Plain.shown(p.scope().column(name), p.scope().typeOf(name)));
    }
    return shown;
  }

  private static List<Object> values(Row row) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      values.add(row.get(i));
    }
    return values;
  }

  private Answer later(
      Planned p, List<String> columns, double mostly, Counts counts, List<List<Object>> samples) {
    found.put(p, new Found(columns, mostly, counts, samples));
    return mapped(p, found.get(p));
  }

  private static Answer mapped(Planned p, Found f) {
    return new Answer(
        p,
        f.counts().hold(f.mostly()),
        f.counts().unexpected(),
        MapResult.of(p, f.columns(), f.counts(), f.samples()),
        Optional.empty());
  }

  private static ResultFormat format(Planned p) {
    return p.expectation().resultFormat();
  }
}
