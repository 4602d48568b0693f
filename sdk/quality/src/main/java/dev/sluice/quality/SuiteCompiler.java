package dev.sluice.quality;

import static org.apache.spark.sql.functions.lit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.quality.Check.AggregateCheck;
import dev.sluice.quality.Check.BrokenCheck;
import dev.sluice.quality.Check.Cause;
import dev.sluice.quality.Check.FollowUpCheck;
import dev.sluice.quality.Check.KeyCheck;
import dev.sluice.quality.Check.RowCheck;
import dev.sluice.quality.SuitePlan.Planned;
import dev.sluice.quality.condition.Condition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.StructType;

/** Compiles the expectations of a suite one by one, and shares what several of them ask. */
final class SuiteCompiler {
  /**
   * One expectation on its way: its check, and the condition that narrows its rows.
   *
   * @param unclear true for the rows on which the condition fails; empty where it cannot
   */
  private record Compiled(
      Expectation expectation, Scope scope, Optional<Column> unclear, Check check) {
    Compiled broken(String reason, Cause cause) {
      return new Compiled(expectation, scope, unclear, new BrokenCheck(reason, cause));
    }
  }

  private final Suite suite;
  private final StructType schema;
  private final OtherTables tables;
  private final List<Column> questions = new ArrayList<>();
  private final Map<Object, Integer> bits = new HashMap<>();

  SuiteCompiler(Suite suite, StructType schema, OtherTables tables) {
    this.suite = suite;
    this.schema = schema;
    this.tables = tables;
  }

  SuitePlan plan() {
    List<Compiled> compiled = suite.expectations().stream().map(this::compile).toList();
    Map<Integer, String> refused = new Analysis(schema).refused(expressions(compiled));
    List<Planned> planned = new ArrayList<>();
    for (int i = 0; i < compiled.size(); i++) {
      String reason = refused.get(i);
      Compiled one = compiled.get(i);
      planned.add(planned(i, reason == null ? one : one.broken(reason, Cause.SUITE)));
    }
    return new SuitePlan(suite, planned, questions);
  }

  private Compiled compile(Expectation expectation) {
    Scope whole = new Scope(schema, Optional.empty(), tables);
    Compiled nothing = new Compiled(expectation, whole, Optional.empty(), null);
    try {
      Optional<Column> condition =
          expectation.condition().map(one -> ConditionColumns.of(one, schema));
      Optional<Attempt> attempt =
          expectation
              .condition()
              .filter(Condition::passesThrough)
              .flatMap(sql -> condition)
              .map(Attempt::at);
      Scope scope = new Scope(schema, attempt.map(Attempt::value).or(() -> condition), tables);
      expectation.resultFormat().unexpectedIndexColumnNames().forEach(scope::typeOf);
      Check check = compile(expectation.type(), expectation.kwargs(), scope);
      return new Compiled(expectation, scope, attempt.map(Attempt::failed), check);
    } catch (IllegalArgumentException e) {
      return nothing.broken(e.getMessage(), Cause.SUITE);
    } catch (UnsupportedOperationException e) {
      return nothing.broken(e.getMessage(), Cause.UNSUPPORTED);
    }
  }

  private static <K extends Record> Check compile(
      ExpectationType<K> type, JsonNode kwargs, Scope scope) {
    return type.compile(KwargsSchema.bind(type.kwargs(), kwargs), scope);
  }

  /** What Spark must understand of each check, before it stands beside the others. */
  private static List<Analysis.Asked> expressions(List<Compiled> compiled) {
    return compiled.stream()
        .map(
            one -> {
              List<Column> values = new ArrayList<>(one.scope().condition().stream().toList());
              List<Column> aggregates = List.of();
              if (one.check() instanceof RowCheck rows) {
                values.addAll(List.of(rows.missing(), rows.unexpected()));
              } else if (one.check() instanceof KeyCheck key) {
                values.add(key.missing());
              } else if (one.check() instanceof AggregateCheck all) {
                aggregates = all.aggregates();
              } else if (one.check() instanceof FollowUpCheck all) {
                aggregates = all.aggregates();
              }
              return new Analysis.Asked(values, aggregates);
            })
        .toList();
  }

  private Planned planned(int index, Compiled one) {
    Check check = one.check();
    Optional<String> misuse = misuse(one);
    if (misuse.isPresent()) {
      check = new BrokenCheck(misuse.get(), Cause.SUITE);
    }
    OnFailure policy = policy(one.expectation(), check);
    int asked = SuitePlan.NO_BIT;
    int missing = SuitePlan.NO_BIT;
    int failed = SuitePlan.NO_BIT;
    if (check instanceof RowCheck rows) {
      asked = one.scope().condition().map(this::bit).orElse(SuitePlan.NO_BIT);
      missing = Check.isNever(rows.missing()) ? SuitePlan.NO_BIT : bit(within(one, rows.missing()));
      failed = bit(rows.failing(one.scope().condition()));
    } else if (check instanceof KeyCheck key) {
      asked = one.scope().condition().map(this::bit).orElse(SuitePlan.NO_BIT);
      missing = Check.isNever(key.missing()) ? SuitePlan.NO_BIT : bit(within(one, key.missing()));
      failed = policy == OnFailure.QUARANTINE ? lateBit() : SuitePlan.NO_BIT;
    } else if (check instanceof FollowUpCheck) {
      failed = policy == OnFailure.QUARANTINE ? lateBit() : SuitePlan.NO_BIT;
    }
    boolean answered = !(check instanceof BrokenCheck);
    int unclear = one.unclear().filter(any -> answered).map(this::bit).orElse(SuitePlan.NO_BIT);
    return new Planned(
        index, one.expectation(), check, policy, failed, missing, asked, unclear, one.scope());
  }

  private static Column within(Compiled one, Column question) {
    return one.scope().condition().map(holds -> holds.and(question)).orElse(question);
  }

  /** The bit of a question; the same for all who ask the same. */
  private int bit(Column question) {
    return bits.computeIfAbsent(
        question.node().normalized(),
        absent -> {
          questions.add(question);
          return questions.size() - 1;
        });
  }

  /** A bit that nobody can set while the rows are first written. */
  private int lateBit() {
    questions.add(lit(false));
    return questions.size() - 1;
  }

  private static Optional<String> misuse(Compiled one) {
    boolean rows =
        one.check() instanceof RowCheck
            || one.check() instanceof KeyCheck
            || one.check() instanceof FollowUpCheck
            || one.check() instanceof BrokenCheck;
    boolean wanted = one.expectation().onFailure().filter(OnFailure.QUARANTINE::equals).isPresent();
    return wanted && !rows
        ? Optional.of("onFailure 'quarantine' needs a check of single rows; use 'refuse' or 'warn'")
        : Optional.empty();
  }

  /** What cannot be answered is critical, whatever it was to be: nothing is known of the rows. */
  private static OnFailure policy(Expectation expectation, Check check) {
    if (check instanceof BrokenCheck) {
      return expectation.onFailure().filter(OnFailure.WARN::equals).orElse(OnFailure.REFUSE);
    }
    OnFailure usual =
        expectation.severity() != Severity.CRITICAL
            ? OnFailure.WARN
            : check instanceof RowCheck ? OnFailure.QUARANTINE : OnFailure.REFUSE;
    return expectation.onFailure().orElse(usual);
  }
}
