package dev.sluice.connect.delta;

import dev.sluice.model.Json;
import dev.sluice.model.Maintenance;
import dev.sluice.model.Maintenance.Order;
import dev.sluice.model.Receipt.MaintenanceStep;
import dev.sluice.model.Table;
import dev.sluice.runtime.spi.Chore;
import dev.sluice.runtime.spi.FailPoint;
import dev.sluice.runtime.spi.LakeAccess;
import io.delta.tables.DeltaOptimizeBuilder;
import io.delta.tables.DeltaTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.delta.actions.AddFile;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Rewrites the files of a Delta table into fewer with Delta's OPTIMIZE, in one commit.
 *
 * <p>What others append meanwhile stays; where they have removed a file that it has read, the
 * commit is refused. The step stands in the commit's note: what it has just compacted is left
 * alone.
 */
record DeltaCompaction(LakeAccess lake, Table table, Maintenance.Compaction step) implements Chore {

  @Override
  public MaintenanceStep plan() {
    DeltaView there = DeltaView.latest(lake, table).orElseThrow();
    if (there.note().endsWith(note())) {
      return MaintenanceStep.nothing(step);
    }
    List<List<AddFile>> bins = bins();
    long bytes = bins.stream().mapToLong(DeltaCompaction::size).sum();
    return MaintenanceStep.rewritten(
        step,
        bins.stream().mapToLong(List::size).sum(),
        bytes,
        bins.stream().mapToLong(bin -> Math.max(1, size(bin) / step.targetBytes())).sum(),
        bytes);
  }

  private static long size(List<AddFile> files) {
    return files.stream().mapToLong(AddFile::size).sum();
  }

  /** Files that are rewritten together, as OPTIMIZE chooses them. */
  private List<List<AddFile>> bins() {
    boolean all = step.order() == Order.Z_ORDER;
    Collection<AddFile> files =
        CollectionConverters.asJava(DeltaCommit.begin(lake, table).filterFiles());
    Collection<List<AddFile>> partitions =
        files.stream()
            .filter(file -> all || file.size() < step.targetBytes())
            .collect(Collectors.groupingBy(AddFile::partitionValues))
            .values();
    return all
        ? List.copyOf(partitions)
        : partitions.stream().flatMap(each -> packed(each).stream()).toList();
  }

  private List<List<AddFile>> packed(List<AddFile> files) {
    List<List<AddFile>> bins = new ArrayList<>();
    List<AddFile> bin = new ArrayList<>();
    for (AddFile file : files.stream().sorted(Comparator.comparing(AddFile::size)).toList()) {
      if (size(bin) + file.size() > step.targetBytes()) {
        bins.add(bin);
        bin = new ArrayList<>();
      }
      bin.add(file);
    }
    bins.add(bin);
    return bins.stream().filter(each -> each.size() > 1).toList();
  }

  @Override
  public MaintenanceStep run(String runId) {
    if (plan().isNothing()) {
      return MaintenanceStep.nothing(step);
    }
    Row metrics = optimize(runId).getStruct(1);
    FailPoint.AFTER_COMMIT.hit();
    return MaintenanceStep.rewritten(
        step,
        metrics.<Long>getAs("numFilesRemoved"),
        metrics.<Row>getAs("filesRemoved").<Long>getAs("totalSize"),
        metrics.<Long>getAs("numFilesAdded"),
        metrics.<Row>getAs("filesAdded").<Long>getAs("totalSize"));
  }

  private Row optimize(String runId) {
    String target = Long.toString(step.targetBytes());
    Map<String, String> settings =
        Map.of(
            "spark.databricks.delta.optimize.minFileSize",
            target,
            "spark.databricks.delta.optimize.maxFileSize",
            target,
            DeltaCommand.NOTE,
            runId + note());
    try {
      return DeltaCommand.run(lake, settings, Observed.failing(), () -> ordered().head());
    } catch (ConcurrentModificationException e) {
      throw DeltaCommit.conflict(table, e);
    }
  }

  private org.apache.spark.sql.Dataset<Row> ordered() {
    DeltaOptimizeBuilder optimize =
        DeltaTable.forPath(lake.spark(), lake.location(table)).optimize();
    return step.order() == Order.Z_ORDER
        ? optimize.executeZOrderBy(step.by().toArray(String[]::new))
        : optimize.executeCompaction();
  }

  /** The end of what the commit notes. */
  private String note() {
    return " " + Json.line(step);
  }
}
