package dev.sluice.runtime.lake;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.ExitCode;
import dev.sluice.model.Maintenance;
import dev.sluice.model.Maintenance.Order;
import dev.sluice.model.Receipt.MaintenanceStep;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.runtime.route.RouteCatalog;
import dev.sluice.runtime.spi.Chore;
import dev.sluice.runtime.spi.FailPoint;
import dev.sluice.runtime.spi.FileCatalog.Entry;
import dev.sluice.runtime.spi.FileCatalog.Outcome;
import dev.sluice.runtime.spi.FileCatalog.Partition;
import dev.sluice.runtime.spi.FileCatalog.Publication;
import dev.sluice.runtime.spi.LakeAccess;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.connector.write.BatchWrite;
import org.apache.spark.sql.connector.write.DataWriterFactory;
import org.apache.spark.sql.connector.write.PhysicalWriteInfo;
import org.apache.spark.sql.connector.write.Write;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.functions;

/**
 * Rewrites folders of plain files into fresh ones with fewer files, and switches the pointers to
 * them: all at once, and only while each is what it was when it was read.
 */
record FileCompaction(LakeAccess lake, Table table, Maintenance.Compaction step) implements Chore {

  /** The write of a run, which leaves rows where they are and in the order that they have. */
  private record AsTheyLie(FileWrite files) implements Write, BatchWrite {
    @Override
    public BatchWrite toBatch() {
      return this;
    }

    @Override
    public DataWriterFactory createBatchWriterFactory(PhysicalWriteInfo info) {
      return files.createBatchWriterFactory(info);
    }

    @Override
    public void commit(WriterCommitMessage[] messages) {
      files.staged(messages);
    }

    @Override
    public void abort(WriterCommitMessage[] messages) {
      files.abort(messages);
    }
  }

  /** A folder that is worth rewriting, and into how many files. */
  private record Work(Partition partition, RunFolder folder, int files) {}

  @Override
  public MaintenanceStep plan() {
    List<Work> work = work();
    long bytes = work.stream().mapToLong(each -> each.folder().bytes()).sum();
    return MaintenanceStep.rewritten(
        step,
        work.stream().mapToLong(each -> each.folder().files()).sum(),
        bytes,
        work.stream().mapToLong(Work::files).sum(),
        bytes);
  }

  /** The folders that hold several files, of less than half the wanted size on average. */
  private List<Work> work() {
    List<Work> work = new ArrayList<>();
    Optional<Entry> entry = lake.files().find(table);
    for (Partition partition :
        entry.map(there -> FileChores.folders(lake, table, there)).orElse(List.of())) {
      RunFolder folder = RunFolder.at(partition.location(), lake.hadoop());
      long wanted = Math.max(1, -Math.floorDiv(-folder.bytes(), step.targetBytes()));
      if (folder.files() > wanted && folder.bytes() / folder.files() < step.targetBytes() / 2) {
        work.add(new Work(partition, folder, Math.toIntExact(wanted)));
      }
    }
    return work;
  }

  @Override
  public MaintenanceStep run(String runId) {
    Entry entry = lake.files().find(table).orElse(new Entry(Map.of(), "", Map.of()));
    List<Work> work = work();
    if (work.isEmpty()) {
      return MaintenanceStep.nothing(step);
    }
    Table whole = withAllColumns(entry);
    List<FileWrite> written = new ArrayList<>();
    for (Work each : work) {
      written.add(rewrite(whole, each, runId));
    }
    List<Partition> fresh = written.stream().flatMap(w -> w.partitions().stream()).toList();
    FailPoint.BEFORE_COMMIT.hit();
    if (publish(work, fresh) != Outcome.PUBLISHED) {
      written.forEach(FileWrite::discard); // nothing points there
      throw conflict();
    }
    FailPoint.AFTER_COMMIT.hit();
    return told(work, fresh);
  }

  private MaintenanceStep told(List<Work> work, List<Partition> fresh) {
    List<RunFolder> folders =
        fresh.stream().map(made -> RunFolder.at(made.location(), lake.hadoop())).toList();
    return MaintenanceStep.rewritten(
        step,
        work.stream().mapToLong(each -> each.folder().files()).sum(),
        work.stream().mapToLong(each -> each.folder().bytes()).sum(),
        folders.stream().mapToLong(RunFolder::files).sum(),
        folders.stream().mapToLong(RunFolder::bytes).sum());
  }

  /** The catalog's columns: the files may hold some that are declared no longer. */
  private Table withAllColumns(Entry entry) {
    Set<String> made =
        table.partitioning().stream()
            .filter(partition -> partition.by() != dev.sluice.model.Partition.By.VALUE)
            .map(dev.sluice.model.Partition::name)
            .collect(Collectors.toSet());
    return table.withColumns(
        entry.columns().entrySet().stream()
            .filter(column -> !made.contains(column.getKey()))
            .map(column -> new dev.sluice.model.Column(column.getKey(), column.getValue(), ""))
            .toList());
  }

  private void requireKey(FileWrite write) {
    try {
      KmsOfS3.require(lake, write.paths());
    } catch (SluiceException e) {
      write.discard();
      throw e;
    }
  }

  private FileWrite rewrite(Table whole, Work work, String runId) {
    String root = lake.location(table);
    Dataset<Row> rows = FileReader.read(lake.spark(), whole, root, List.of(work.partition()));
    FileWrite write = new FileWrite(lake.spark(), whole, root, runId, rows.schema());
    RouteCatalog.write(ordered(rows, work.files()), () -> new AsTheyLie(write));
    write.removeStrays();
    requireKey(write);
    long before = rows.count();
    long after = write.partitions().stream().mapToLong(Partition::rows).sum();
    boolean sameFolder =
        write.partitions().stream().allMatch(p -> p.values().equals(work.partition().values()));
    if (before != after || !sameFolder) {
      write.discard();
      throw new SluiceException(
          ErrorKind.BUG,
          String.format(
              "Cannot compact %s: of %d rows in %s %d were written. Report this; nothing was"
                  + " changed",
              table.name(), before, work.partition().location(), after),
          null);
    }
    return write;
  }

  private Dataset<Row> ordered(Dataset<Row> rows, int files) {
    if (step.order() == Order.NONE) {
      return rows.repartition(files);
    }
    Column[] by =
        step.by().stream().map(name -> functions.col("`" + name + "`")).toArray(Column[]::new);
    return rows.repartitionByRange(files, by).sortWithinPartitions(by);
  }

  private Outcome publish(List<Work> work, List<Partition> fresh) {
    boolean parted = !table.partitions().isEmpty();
    Publication publication =
        new Publication(
            parted ? work.stream().map(Work::partition).toList() : List.of(),
            parted ? fresh : List.of(),
            there -> List.of(),
            found -> parted ? Optional.of(found) : switched(found, work.get(0), fresh.get(0)));
    return lake.catalogCall(() -> lake.files().publish(table, publication));
  }

  private static Optional<Entry> switched(Entry found, Work work, Partition fresh) {
    return found.location().equals(work.partition().location())
        ? Optional.of(new Entry(found.columns(), fresh.location(), found.parameters()))
        : Optional.empty();
  }

  private SluiceException conflict() {
    return new SluiceException(
        ErrorKind.INFRA,
        ExitCode.CONFLICT,
        String.format(
            "Cannot publish %s: another writer changed it meanwhile. Run again", table.name()),
        null);
  }
}
