package dev.sluice.connect.delta;

import dev.sluice.model.RunKey;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.model.Write;
import dev.sluice.runtime.lake.FileReader;
import dev.sluice.runtime.lake.FileWrite;
import dev.sluice.runtime.lake.KmsOfS3;
import dev.sluice.runtime.lake.MergeStaging;
import dev.sluice.runtime.spi.Commit;
import dev.sluice.runtime.spi.Fit;
import dev.sluice.runtime.spi.LakeAccess;
import dev.sluice.runtime.spi.Ledger;
import dev.sluice.runtime.spi.RunFacts;
import dev.sluice.runtime.spi.Staging;
import dev.sluice.runtime.spi.Target;
import dev.sluice.runtime.spi.TargetChange;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.types.StructType;

/**
 * Publishes into a Delta table.
 *
 * <p>Rows are staged as Parquet files inside the table's folder, where no reader sees them before
 * the log names them. Publishing is one commit to the log: these files, and the run as a
 * transaction of its own name, which the log lets happen once.
 */
final class DeltaTarget implements Target {
  private final LakeAccess lake;
  private final Table table;
  private final Write write;
  private final DeltaDefinition definition;

  DeltaTarget(LakeAccess lake, Table table, Write write) {
    requireOneWriter(lake, table);
    this.lake = lake;
    this.table = table;
    this.write = write;
    this.definition = new DeltaDefinition(lake, table);
  }

  /** Maintenance commits as a run does, and counts as a writer. */
  static void requireOneWriter(LakeAccess lake, Table table) {
    if (lake.warehouse().startsWith("s3:") && !lake.config().lakeDeltaSingleWriter()) {
      throw SluiceException.config(
          "Cannot write Delta table %s to %s: two runs that commit at once lose rows there, for"
              + " Delta's log on S3 has no lock. Set lake.delta.single-writer to true if nothing"
              + " else writes the table meanwhile, or declare an Iceberg table",
          table.name(), lake.warehouse());
    }
  }

  @Override
  public String kind() {
    return "table";
  }

  @Override
  public String uri() {
    return lake.location(table);
  }

  @Override
  public Optional<Commit> find(RunKey key) {
    return DeltaView.latest(lake, table).flatMap(there -> there.find(key));
  }

  @Override
  public Ledger ledger() {
    return DeltaView.latest(lake, table)
        .map(DeltaView::ledger)
        .orElseGet(() -> new Ledger(List.of(), Optional.empty()));
  }

  @Override
  public List<TargetChange> changes() {
    return definition.changes();
  }

  @Override
  public Fit fit() {
    return definition.fit();
  }

  @Override
  public void prepare() {
    definition.prepare();
  }

  @Override
  public List<String> words() {
    return definition.words();
  }

  @Override
  public void register() {
    definition.register();
  }

  @Override
  public Staging stage(RunKey key, String runId, StructType schema) {
    Table landing = fit().landing(table);
    return write.mode().merges()
        ? new MergeStaging(lake, landing, write, runId, new DeltaMerge(lake, landing, write))
        : new Staged(key, runId, schema, landing);
  }

  private final class Staged implements Staging {
    private final RunKey key;
    private final Table plain;
    private final FileWrite files;

    Staged(RunKey key, String runId, StructType schema, Table landing) {
      this.key = key;
      this.plain =
          Table.parquet(table.name())
              .withColumns(landing.columns())
              .partitionedBy(table.partitions().toArray(String[]::new));
      this.files = new FileWrite(lake.spark(), plain, uri(), runId, schema);
    }

    @Override
    public org.apache.spark.sql.connector.write.Write write() {
      return files;
    }

    @Override
    public void staged(WriterCommitMessage[] messages) {
      files.staged(messages);
    }

    @Override
    public long rowCount() {
      return files.files().stream().mapToLong(file -> file.rows()).sum();
    }

    @Override
    public Optional<Files> files() {
      return Optional.of(files.counted());
    }

    @Override
    public Optional<Dataset<Row>> rows(SparkSession spark) {
      return Optional.of(FileReader.read(spark, plain, uri(), files.partitions()));
    }

    @Override
    public void verify() {
      KmsOfS3.require(lake, files.paths());
    }

    @Override
    public Commit publish(RunFacts facts) {
      Optional<Commit> earlier = find(key);
      if (earlier.isPresent()) {
        discard();
        return earlier.get();
      }
      files.removeStrays();
      DeltaRows rows = new DeltaRows(lake, table, write, files.files());
      Commit commit = new DeltaCommit(lake, table, facts).run(rows::actions);
      if (commit.earlier()) {
        discard(); // another run with this key was faster, and has files of its own
      }
      return commit;
    }

    @Override
    public void discard() {
      files.discard();
    }
  }
}
