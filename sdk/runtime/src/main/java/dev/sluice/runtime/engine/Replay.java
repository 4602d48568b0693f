package dev.sluice.runtime.engine;

import static org.apache.spark.sql.functions.array_contains;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;

import dev.sluice.model.JobSpec;
import dev.sluice.model.Receipt;
import dev.sluice.model.RunKey;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.model.Write;
import dev.sluice.quality.Check;
import dev.sluice.quality.Late;
import dev.sluice.quality.SuitePlan;
import dev.sluice.quality.Tally;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.join.JoinNotes;
import dev.sluice.runtime.lake.Lake;
import dev.sluice.runtime.lake.Quarantine;
import dev.sluice.runtime.route.Fitted;
import dev.sluice.runtime.route.NoStaging;
import dev.sluice.runtime.route.Route;
import dev.sluice.runtime.route.RowLayout;
import dev.sluice.runtime.spi.Commit;
import dev.sluice.runtime.spi.RunFacts;
import dev.sluice.runtime.spi.Staging;
import dev.sluice.runtime.spi.Target;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Drives rejected rows through today's job once more, and publishes those that pass now.
 *
 * <p>Only what a committed run has rejected is replayed. The job runs over the inputs of the run
 * that rejected them; of what it makes, only rows are taken whose key the table does not have. So
 * nothing is published twice, whatever is repeated: a replay that ended half-way is finished by the
 * next one, and of two at once the ledger lets one pass. Rows that were rejected as copies of a key
 * stay as they are.
 */
public final class Replay {

  /**
   * What came of a replay.
   *
   * @param runKey the run key of the replay itself; that of the last one where there was nothing
   * @param waiting rows that waited in quarantine
   * @param published rows that the table has now
   */
  public record Outcome(String runKey, long waiting, long published) {

    /** Rows that still wait. */
    public long left() {
      return waiting - published;
    }
  }

  private final Bound bound;
  private final Lake lake;
  private final Table table;
  private final Quarantine quarantine;

  private Replay(Bound bound, Lake lake) {
    this.bound = bound;
    this.lake = lake;
    this.table = bound.spec().table().orElseThrow(() -> noTable(bound.spec()));
    requireAddable(bound.spec());
    this.quarantine = lake.quarantine(table);
    if (table.key().isEmpty()) {
      throw SluiceException.config(
          "Cannot replay %s: table %s declares no key, so nobody can tell which rows it has."
              + " Declare .key(…)",
          bound.spec().name(), table.name());
    }
  }

  /** Rows of an upsert whose keys the table does not have are added, as others are. */
  private static void requireAddable(JobSpec spec) {
    if (spec.write().change().isPresent() || spec.write().end().isPresent()) {
      throw SluiceException.config(
          "Cannot replay %s: its rows land by %s, and what they change depends on those that came"
              + " after. Let the job read them again in a later interval",
          spec.name(), spec.write().word());
    }
  }

  private static SluiceException noTable(JobSpec spec) {
    return SluiceException.config(
        "Cannot replay %s: it loads a sink, and a sink has no quarantine. Replay the job that"
            + " writes the table it reads",
        spec.name());
  }

  /** Replays what the run with this request's run key has rejected. */
  public static Outcome run(RunRequest request, Job job) {
    Bound bound = Bound.of(request, job);
    try (Lake lake = Lake.open(bound.settings().lake())) {
      return new Replay(bound, lake).run();
    }
  }

  private Outcome run() {
    Target target = lake.target(table, Write.append());
    if (target.find(bound.key()).isEmpty()) {
      throw SluiceException.config(
          "Cannot replay %s: no run has published %s, so there is nothing to add to. Run the job",
          bound.spec().name(), bound.key());
    }
    long waiting = waiting().map(Dataset::count).orElse(0L);
    if (waiting == 0) {
      return new Outcome(bound.key().toString(), 0, 0);
    }
    Planner.Planned planned = Planner.plan(bound, lake, Suites.of(bound.spec().suite()));
    RunKey key = next(target);
    Commit commit = publish(target, key, planned, waiting);
    quarantine.mark(bound.key(), keys(), sameKey().and(not(isCopy(planned.suite()))), key);
    return new Outcome(key.toString(), waiting, commit.entry().rows().written());
  }

  private Optional<Dataset<Row>> waiting() {
    return quarantine
        .rows()
        .map(
            rows ->
                rows.where(
                    col(RowLayout.RUN_KEY)
                        .equalTo(bound.key().toString())
                        .and(col(RowLayout.REPLAYED_BY).isNull())));
  }

  /** The first replay of this work that the ledger does not know. */
  private RunKey next(Target target) {
    for (int number = 1; ; number++) {
      String name = bound.spec().name() + "+replay-" + number;
      RunKey key = new RunKey(name, bound.key().target(), bound.key().interval());
      if (target.find(key).isEmpty()) {
        return key;
      }
    }
  }

  private Commit publish(Target target, RunKey key, Planner.Planned planned, long waiting) {
    String runId = "replay-" + UUID.randomUUID().toString().substring(0, 8);
    Staging good = Fitted.stage(target, key, runId, planned.schema());
    boolean handedOver = false;
    Inputs inputs = new Inputs(bound, lake);
    try {
      RowLayout layout = RowLayout.unchecked(planned.schema());
      Tally tally =
          Route.stage(passing(planned, inputs), layout, good, new NoStaging(), key.toString())
              .tally();
      if (tally.rows() > waiting) {
        throw SluiceException.contract(
            "Cannot replay %s: today's job makes %d rows that table %s does not have, but only %d"
                + " wait in quarantine. Run the job for its interval again, or look what changed in"
                + " its inputs",
            bound.spec().name(), tally.rows(), table.name(), waiting);
      }
      inputs.requireUnchanged();
      good.verify();
      handedOver = true;
      Receipt.Rows rows = new Receipt.Rows(waiting, tally.rows(), waiting - tally.rows(), 0);
      return good.publish(new RunFacts(key, runId, rows, Instant.now()));
    } finally {
      if (!handedOver) {
        good.discard();
      }
    }
  }

  /** What today's job makes of the inputs, passes today's suite, and is not in the table. */
  private Dataset<Row> passing(Planner.Planned planned, Inputs inputs) {
    LiveRun run = new LiveRun(bound, lake.spark(), JoinNotes.ofRun(line -> {}));
    Dataset<Row> made = Body.call(bound.job(), bound.spec(), inputs.pin(), run);
    SuitePlan suite = planned.suite();
    StructType schema = planned.schema();
    // Copies of a key and outliers are known only when all rows are: they must not slip in here.
    Dataset<Row> first = new Output(bound.spec()).laidOut(made, suite);
    Dataset<Row> rows = Output.laidOutAgain(Late.of(suite, first), schema, suite);
    List<Column> columns = new ArrayList<>();
    Arrays.stream(schema.fieldNames()).forEach(name -> columns.add(col("`" + name + "`")));
    columns.addAll(
        List.of(col(RowLayout.RAW), col(RowLayout.SOURCE_FILE), col(RowLayout.SOURCE_POSITION)));
    return rows.where(not(Output.leaves(suite)))
        .select(columns.toArray(Column[]::new))
        .join(keys(), sameKey(), "left_anti");
  }

  /**
   * True for a rejected row that only repeats a key: that the table has the key is no news of it.
   */
  private static Column isCopy(SuitePlan suite) {
    return suite.planned().stream()
        .filter(p -> p.check() instanceof Check.KeyCheck)
        .map(p -> array_contains(col(RowLayout.REASONS), p.expectation().id()))
        .reduce(Column::or)
        .orElse(lit(false));
  }

  /** The keys that the table has, under names of their own. */
  private Dataset<Row> keys() {
    Column[] named =
        table.key().stream()
            .map(name -> col("`" + name + "`").as(keyName(name)))
            .toArray(Column[]::new);
    return lake.pin(table).rows().select(named);
  }

  private Column sameKey() {
    return table.key().stream()
        .map(name -> col("`" + name + "`").eqNullSafe(col(keyName(name))))
        .reduce(Column::and)
        .orElseThrow();
  }

  private static String keyName(String column) {
    return "_sluice_key_" + column;
  }
}
