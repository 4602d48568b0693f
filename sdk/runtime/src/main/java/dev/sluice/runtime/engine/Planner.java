package dev.sluice.runtime.engine;

import dev.sluice.model.JobSpec;
import dev.sluice.model.Sink;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Source;
import dev.sluice.model.Table;
import dev.sluice.model.Write;
import dev.sluice.quality.Check;
import dev.sluice.quality.Suite;
import dev.sluice.quality.SuitePlan;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.join.JoinNotes;
import dev.sluice.runtime.lake.Lake;
import dev.sluice.runtime.lake.Plaintext;
import dev.sluice.runtime.spi.SinkProvider;
import dev.sluice.runtime.spi.Target;
import dev.sluice.runtime.spi.TargetChange;
import dev.sluice.runtime.spi.TargetChange.Effect;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** Finds out what a run will do, and whether it can, before it reads a row. */
public final class Planner {

  /** A run that fits together: its output, its checks, its target. */
  record Planned(StructType schema, SuitePlan suite, Target target, List<String> joins) {}

  private Planner() {}

  /**
   * Plans a request for people, without reading a row or changing anything.
   *
   * @throws SluiceException where a run could not succeed
   */
  public static Plan plan(RunRequest request, Job job) {
    Bound bound = Bound.of(request, job);
    try (Lake lake = Lake.open(bound.settings().lake())) {
      return describe(bound, plan(bound, lake, Suites.of(job.spec().suite())));
    }
  }

  static Planned plan(Bound bound, Lake lake, Suite suite) {
    JobSpec spec = bound.spec();
    LiveRun run = new LiveRun(bound, lake.spark(), JoinNotes.ofPlan());
    Dataset<Row> made = Body.call(bound.job(), spec, new Inputs(bound, lake).empty(), run);
    Output output = new Output(spec);
    output.check(made, readsUnreadable(spec));
    StructType schema = output.schema(made);
    Target target = target(bound, lake, schema);
    Suite asked = FitChecks.with(suite, target.fit(), schema);
    if (isEncrypted(spec)) {
      asked = asked.hiding(List.of(schema.fieldNames()));
    }
    SuitePlan plan = SuitePlan.compile(asked, schema, lake::table).refuseMistakes();
    refuseWhatNoSinkCan(spec, plan);
    refuseWhatWouldLieOpen(spec, plan);
    return new Planned(schema, plan, target, run.joins().lines());
  }

  /** Whether the first read may deliver records that could not be parsed. */
  static boolean readsUnreadable(JobSpec spec) {
    return spec.table().isPresent() // a sink has no quarantine
        && !isEncrypted(spec) // nor has what is encrypted
        && spec.grain() == JobSpec.Grain.KEPT
        && spec.reads().get(0).source() instanceof Source.Text;
  }

  /** What the job publishes to; the schema matters only to one who writes. */
  static Target target(Bound bound, Lake lake, StructType schema) {
    JobSpec spec = bound.spec();
    return spec.table()
        .map(table -> lake.target(table, spec.write()))
        .orElseGet(() -> sink(bound, schema));
  }

  private static void refuseWhatNoSinkCan(JobSpec spec, SuitePlan plan) {
    if (spec.table().isPresent()) {
      return;
    }
    for (SuitePlan.Planned p : plan.planned()) {
      if (!(p.check() instanceof Check.RowCheck) && !(p.check() instanceof Check.SchemaCheck)) {
        throw SluiceException.config(
            "Cannot load %s: %s of suite %s asks about all rows at once, and what was sent to a sink"
                + " cannot be read back. Check the rows where their table is written",
            spec.target().name(), p.expectation().id(), plan.suite().name());
      }
    }
    if (plan.quarantines()) {
      throw SluiceException.config(
          "Cannot load %s: suite %s sends rows to quarantine, and a sink has none. Use onFailure"
              + " 'refuse' or 'warn', or check the rows where their table is written",
          spec.target().name(), plan.suite().name());
    }
  }

  private static boolean isEncrypted(JobSpec spec) {
    return spec.table().flatMap(Table::encrypts).isPresent();
  }

  /** A quarantine is an Iceberg table, whose files nobody encrypts. */
  private static void refuseWhatWouldLieOpen(JobSpec spec, SuitePlan plan) {
    if (isEncrypted(spec) && plan.quarantines()) {
      throw SluiceException.config(
          "Cannot write %s: suite %s sends rows to quarantine, which is not encrypted as the table"
              + " is. Use onFailure 'refuse' or 'warn'",
          spec.target().name(), plan.suite().name());
    }
  }

  private static Target sink(Bound bound, StructType schema) {
    Sink sink = ((JobSpec.IntoSink) bound.spec().target()).sink();
    Map<String, String> credentials = new TreeMap<>();
    bound
        .settings()
        .revealed()
        .forEach(
            (key, value) -> {
              if (key.endsWith("user") || key.endsWith("password")) {
                credentials.put(key.replaceFirst("^.*-", ""), value);
              }
            });
    List<String> kinds = new ArrayList<>();
    for (SinkProvider provider : ServiceLoader.load(SinkProvider.class)) {
      if (provider.kind().equals(sink.kind())) {
        String uri = bound.fill(sink.uri());
        Plaintext.require(
            bound.settings().lake(),
            "sink " + sink.name(),
            provider.plainHosts(uri),
            Optional.of("Ask for TLS in its address, as sslmode=verify-full does"));
        return provider.target(sink, uri, bound.spec().write(), schema, credentials);
      }
      kinds.add(provider.kind());
    }
    throw SluiceException.config(
        "Cannot load %s: no connector for %s is in this image, only %s. Add the dependency"
            + " sluice-connect-%s",
        sink.name(), sink.kind(), kinds, sink.kind());
  }

  private static Plan describe(Bound bound, Planned planned) {
    JobSpec spec = bound.spec();
    boolean committed = planned.target().find(bound.key()).isPresent();
    List<TargetChange> changes = planned.target().changes();
    List<String> reads = spec.reads().stream().map(read -> describe(bound, read)).toList();
    List<String> columns =
        Arrays.stream(planned.schema().fields())
            .map(field -> field.name() + " " + field.dataType().simpleString())
            .toList();
    return new Plan(
        spec.name(),
        bound.key().toString(),
        committed,
        destructive(spec, committed, changes),
        reads,
        String.format(
            "%s (%s) at %s", spec.target().name(), spec.write().word(), planned.target().uri()),
        planned.joins(),
        columns,
        planned.suite().planned().stream().map(Planner::describe).toList(),
        changes.stream().map(TargetChange::line).toList(),
        FileSizes.warnings(spec, bound.interval()),
        List.of(
            "whether the inputs exist and can be read",
            "the rows themselves: checks run while they are written"));
  }

  /** What those lose who read the target as it is: columns, or all of its rows. */
  private static List<String> destructive(
      JobSpec spec, boolean committed, List<TargetChange> changes) {
    List<String> lost = new ArrayList<>();
    changes.stream()
        .filter(change -> change.effect() == Effect.BREAKS)
        .forEach(change -> lost.add(change.line()));
    boolean isNew = changes.stream().anyMatch(change -> change.effect() == Effect.CREATES);
    if (spec.write().mode() == Write.Mode.REPLACE_TABLE && !isNew && !committed) {
      lost.add("replace all rows of " + spec.target().name());
    }
    return lost;
  }

  private static String describe(Bound bound, JobSpec.Read read) {
    if (read.source() instanceof Source.TableRead table) {
      String within =
          table.within().map(column -> ", " + column + " within the interval").orElse("");
      return read.name() + ": table " + table.table().name() + within;
    }
    Source.Files files = (Source.Files) read.source();
    return read.name() + ": " + files.kind() + " " + bound.address(files.uri());
  }

  private static String describe(SuitePlan.Planned check) {
    String when =
        check.check() instanceof Check.RowCheck
            ? "each row"
            : check.check() instanceof Check.SchemaCheck ? "schema" : "all rows";
    return String.format(
        "%s (%s; on failure: %s)", check.expectation().id(), when, check.onFailure().word());
  }
}
