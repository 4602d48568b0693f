package dev.sluice.connect.delta;

import dev.sluice.model.Json;
import dev.sluice.model.Maintenance;
import dev.sluice.model.Receipt.MaintenanceStep;
import dev.sluice.model.Table;
import dev.sluice.runtime.spi.Chore;
import dev.sluice.runtime.spi.FailPoint;
import dev.sluice.runtime.spi.LakeAccess;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.LessThan;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.delta.DeltaOperations;
import org.apache.spark.sql.delta.OptimisticTransaction;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.types.DataTypes;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Drops old partitions of a Delta table in one commit; vacuum removes their files later. */
record DeltaRetention(LakeAccess lake, Table table, Maintenance.Retention step) implements Chore {

  @Override
  public MaintenanceStep plan() {
    return told(old(DeltaCommit.begin(lake, table)));
  }

  @Override
  public MaintenanceStep run(String runId) {
    OptimisticTransaction transaction = DeltaCommit.begin(lake, table);
    List<AddFile> old = old(transaction);
    if (old.isEmpty()) {
      return MaintenanceStep.nothing(step);
    }
    List<Action> removed = new ArrayList<>();
    old.forEach(file -> removed.add(file.remove()));
    try {
      commit(transaction, removed, runId);
    } catch (ConcurrentModificationException e) {
      throw DeltaCommit.conflict(table, e);
    }
    FailPoint.AFTER_COMMIT.hit();
    return told(old);
  }

  private void commit(OptimisticTransaction transaction, List<Action> removed, String runId) {
    DeltaCommand.run(
        lake,
        Map.of(DeltaCommand.NOTE, runId + " " + Json.line(step)),
        Observed.failing(),
        () ->
            transaction.commit(
                AsScala.seq(removed),
                DeltaOperations.ManualUpdate$.MODULE$,
                AsScala.map(Map.of())));
  }

  private MaintenanceStep told(List<AddFile> files) {
    return MaintenanceStep.dropped(
        step,
        files.size(),
        files.stream().mapToLong(AddFile::size).sum(),
        files.stream()
            .mapToLong(file -> file.numLogicalRecords().isEmpty() ? 0 : rows(file))
            .sum());
  }

  private static long rows(AddFile file) {
    return ((Number) file.numLogicalRecords().get()).longValue();
  }

  private List<AddFile> old(OptimisticTransaction transaction) {
    return CollectionConverters.asJava(transaction.filterFiles(condition(), true));
  }

  private Seq<Expression> condition() {
    return old(step.partition(), step.age());
  }

  /** Whether a partition is old; of null that is not true, so one without a value is not. */
  static Seq<Expression> old(String partition, Duration age) {
    Instant oldest = Instant.now().minus(age);
    return AsScala.seq(
        List.of(
            new LessThan(
                new UnresolvedAttribute(AsScala.seq(List.of(partition))),
                Literal.create(oldest.atZone(ZoneOffset.UTC).toLocalDate(), DataTypes.DateType))));
  }
}
