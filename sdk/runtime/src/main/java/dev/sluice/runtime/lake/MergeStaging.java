package dev.sluice.runtime.lake;

import dev.sluice.model.Table;
import dev.sluice.model.Write;
import dev.sluice.runtime.spi.Commit;
import dev.sluice.runtime.spi.FileCatalog.Partition;
import dev.sluice.runtime.spi.LakeAccess;
import dev.sluice.runtime.spi.RunFacts;
import dev.sluice.runtime.spi.Staging;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.write.WriterCommitMessage;

/**
 * Rows that change others by their key: they lie in files of their own until the gate has let them
 * pass, for what becomes of them depends on the rows that are there at the commit.
 */
public final class MergeStaging implements Staging {

  /** Lets staged rows change a table, in one commit with the ledger entry. */
  public interface Merge {
    /** As {@link Staging#publish(RunFacts)}. */
    Commit publish(Dataset<Row> staged, RunFacts facts);
  }

  private final LakeAccess lake;
  private final Table rows;
  private final String root;
  private final FileWrite files;
  private final Merge merge;

  /** Stages the rows of a run into a table. */
  public MergeStaging(LakeAccess lake, Table table, Write write, String runId, Merge merge) {
    this.lake = lake;
    this.rows = parquet(write.rowsOf(table));
    this.root = root(lake, table);
    this.files = new FileWrite(lake.spark(), rows, root, runId, Schemas.spark(rows.columns()));
    this.merge = merge;
  }

  /** Where the runs that change a table's rows have their folders. */
  private static String root(LakeAccess lake, Table table) {
    return lake.warehouse() + "/_sluice/staging/" + table.name();
  }

  /** Folders of runs that have ended without removing them, this long ago or longer. */
  public static List<RunFolder> left(LakeAccess lake, Table table, Duration age) {
    long cutoff = System.currentTimeMillis() - age.toMillis();
    return RunFolder.below(root(lake, table), 0, lake.hadoop()).stream()
        .filter(folder -> folder.newest() < cutoff)
        .toList();
  }

  /** Just the columns: what lies there is read once, as a whole. */
  private static Table parquet(Table rows) {
    return Table.parquet(rows.name()).withColumns(rows.columns());
  }

  @Override
  public org.apache.spark.sql.connector.write.Write write() {
    return files;
  }

  @Override
  public void staged(WriterCommitMessage[] messages) {
    files.staged(messages);
    files.removeStrays();
  }

  @Override
  public long rowCount() {
    return files.partitions().stream().mapToLong(Partition::rows).sum();
  }

  @Override
  public Optional<Dataset<Row>> rows(SparkSession session) {
    return Optional.of(FileReader.read(session, rows, root, files.partitions()));
  }

  @Override
  public void verify() {
    KmsOfS3.require(lake, files.paths());
  }

  @Override
  public Commit publish(RunFacts facts) {
    try {
      return merge.publish(rows(lake.spark()).orElseThrow(), facts);
    } finally {
      discard(); // however it ended: the table has files of its own, and another run stages again
    }
  }

  @Override
  public void discard() {
    files.discard();
  }
}
