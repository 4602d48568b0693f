package dev.sluice.runtime.engine;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.sluice.quality.Gate;
import dev.sluice.quality.Late;
import dev.sluice.quality.RowNotes;
import dev.sluice.quality.Staged;
import dev.sluice.quality.SuitePlan;
import dev.sluice.quality.Tally;
import dev.sluice.quality.Verdict;
import dev.sluice.quality.Verdict.Answer;
import dev.sluice.runtime.lake.Lake;
import dev.sluice.runtime.lake.Quarantine;
import dev.sluice.runtime.route.Fitted;
import dev.sluice.runtime.route.NoStaging;
import dev.sluice.runtime.route.Route;
import dev.sluice.runtime.route.RowLayout;
import dev.sluice.runtime.spi.Commit;
import dev.sluice.runtime.spi.FailPoint;
import dev.sluice.runtime.spi.RunFacts;
import dev.sluice.runtime.spi.Staging;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The rows of one run behind the gate: staged and parted, but published to nobody yet. */
final class GatedWrite implements AutoCloseable {
  private final Bound bound;
  private final String runId;
  private final SparkSession spark;
  private final Planner.Planned planned;
  private final Optional<Quarantine> quarantine;
  private Staging good;
  private Staging bad;
  private RowNotes notes;
  private boolean published;

  private GatedWrite(Bound bound, String runId, Lake lake, Planner.Planned planned) {
    this.bound = bound;
    this.runId = runId;
    this.spark = lake.spark();
    this.planned = planned;
    boolean canReject = planned.suite().quarantines() || Planner.readsUnreadable(bound.spec());
    this.quarantine = canReject ? bound.spec().rows().map(lake::quarantine) : Optional.empty();
  }

  /** Runs the job's plan, once, and stages what comes out of it. */
  static GatedWrite stage(
      Dataset<Row> made, Bound bound, String runId, Lake lake, Planner.Planned planned) {
    planned.target().prepare();
    GatedWrite write = new GatedWrite(bound, runId, lake, planned);
    Dataset<Row> rows = new Output(bound.spec()).laidOut(made, planned.suite());
    write.open(runId);
    try {
      write.notes = write.route(rows);
      FailPoint.STAGED.hit();
      return write;
    } catch (Exception e) { // Scala throws checked ones undeclared
      write.close();
      throw e;
    }
  }

  private void open(String attempt) {
    good = Fitted.stage(planned.target(), bound.key(), attempt, planned.schema());
    bad = quarantine.map(q -> q.stage(bound.key(), attempt)).orElseGet(NoStaging::new);
  }

  private RowNotes route(Dataset<Row> rows) {
    return Route.stage(rows, layout(), good, bad, bound.key().toString());
  }

  private RowLayout layout() {
    return RowLayout.of(planned.schema(), planned.suite());
  }

  /** Answers the suite over what was staged; rows that must leave only now are parted again. */
  Verdict decide() {
    SuitePlan suite = planned.suite();
    if (suite.planned().isEmpty()) {
      // Nobody asks: not even the list of the staged files is read, which takes seconds of many.
      return Gate.decide(suite.suite(), tally(), List.of());
    }
    Dataset<Row> staged = everything();
    List<Answer> answers =
        Staged.answer(suite, tally(), readable(staged), notes.known(spark, layout().schema()));
    Verdict verdict = Gate.decide(suite.suite(), tally(), answers);
    if (verdict.decision() != Verdict.Decision.REFUSE) {
      Late.of(suite, answers, staged).ifPresent(this::partAgain);
    }
    return verdict;
  }

  private void partAgain(Late late) {
    Staging first = good;
    Staging firstBad = bad;
    try {
      open(runId + "-again");
      notes = route(Output.laidOutAgain(late, planned.schema(), planned.suite()));
    } finally {
      discard(first);
      discard(firstBad);
    }
  }

  /** The rows that had values at all, good and bad, with the columns of the target. */
  private Dataset<Row> readable(Dataset<Row> staged) {
    return staged
        .where(col(RowLayout.RAW).isNull())
        .select(columns(planned.schema()).toArray(Column[]::new));
  }

  private Dataset<Row> everything() {
    List<Column> columns = columns(planned.schema());
    columns.add(lit(null).cast("string").as(RowLayout.RAW));
    Optional<Dataset<Row>> kept =
        good.rows(spark).map(rows -> rows.select(columns.toArray(Column[]::new)));
    columns.set(columns.size() - 1, col(RowLayout.RAW));
    Optional<Dataset<Row>> left =
        bad.rowCount() == 0
            ? Optional.empty()
            : bad.rows(spark).map(rows -> rows.select(columns.toArray(Column[]::new)));
    return kept.map(rows -> left.map(rows::union).orElse(rows))
        .or(() -> left)
        .orElseGet(this::nothing);
  }

  private Dataset<Row> nothing() {
    StructType schema = planned.schema().add(RowLayout.RAW, DataTypes.StringType);
    return spark.createDataFrame(List.of(), schema);
  }

  private static List<Column> columns(StructType schema) {
    List<Column> columns = new ArrayList<>();
    for (String name : schema.fieldNames()) {
      columns.add(col("`" + name + "`"));
    }
    return columns;
  }

  /** How many rows carry which bits. */
  Tally tally() {
    return notes.tally();
  }

  /** How many rows wait to be published, as the target itself counts them. */
  long written() {
    return good.rowCount();
  }

  /** The files that they lie in; empty where the target has none. */
  Optional<Staging.Files> files() {
    return good.files();
  }

  /** Publishes the bad rows alone: what was wrong is worth keeping, though nothing else is. */
  void keepRejected(RunFacts facts) {
    bad.verify();
    bad.publish(facts);
  }

  /** Publishes the good rows and the bad ones, each to its place. */
  Commit publish(RunFacts facts) {
    bad.verify();
    good.verify();
    published = true;
    bad.publish(facts);
    Commit commit = good.publish(facts);
    FailPoint.AFTER_COMMIT.hit();
    return commit;
  }

  /** Removes what was staged, unless its publishing has begun. */
  @Override
  public void close() {
    if (!published) {
      discard(good);
      discard(bad);
    }
  }

  private static void discard(Staging staging) {
    try {
      staging.discard();
    } catch (RuntimeException e) {
      // The run goes on or says why it failed; what is left behind is visible to nobody.
      System.getLogger(GatedWrite.class.getName()).log(System.Logger.Level.DEBUG, "discard", e);
    }
  }
}
