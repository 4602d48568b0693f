package dev.sluice.runtime.lake;

import dev.sluice.model.Capability;
import dev.sluice.model.ErrorKind;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.runtime.spi.FileCatalog.Partition;
import dev.sluice.runtime.spi.Staging;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.Job;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.distributions.Distribution;
import org.apache.spark.sql.connector.distributions.Distributions;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.SortDirection;
import org.apache.spark.sql.connector.expressions.SortOrder;
import org.apache.spark.sql.connector.write.BatchWrite;
import org.apache.spark.sql.connector.write.DataWriterFactory;
import org.apache.spark.sql.connector.write.PhysicalWriteInfo;
import org.apache.spark.sql.connector.write.RequiresDistributionAndOrdering;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.execution.datasources.OutputWriterFactory;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Writes files straight to {@code <partition folder>/<run id>/}: nothing is renamed, and no reader
 * looks there before the catalog points to it, or the table's log.
 */
public final class FileWrite implements RequiresDistributionAndOrdering, BatchWrite {
  private final SparkSession spark;
  private final Table table;
  private final String root;
  private final String runId;
  private final StructType schema;
  private List<StagedFile> files = List.of();

  /**
   * A write of one run.
   *
   * @param table a table of plain files
   * @param root the table's root folder
   * @param schema the rows that will be written
   */
  public FileWrite(SparkSession spark, Table table, String root, String runId, StructType schema) {
    this.spark = spark;
    this.table = table;
    this.root = root;
    this.runId = runId;
    this.schema = schema;
  }

  @Override
  public String description() {
    return table.name();
  }

  @Override
  public Distribution requiredDistribution() {
    return table.partitions().isEmpty()
        ? Distributions.unspecified()
        : Distributions.clustered(
            table.partitioning().stream()
                .map(Partitions::expression)
                .toArray(org.apache.spark.sql.connector.expressions.Expression[]::new));
  }

  @Override
  public boolean distributionStrictlyRequired() {
    return false; // lets adaptive execution split a large partition over several files
  }

  @Override
  public SortOrder[] requiredOrdering() {
    return table.partitioning().stream()
        .map(Partitions::expression)
        .map(partition -> Expressions.sort(partition, SortDirection.ASCENDING))
        .toArray(SortOrder[]::new);
  }

  @Override
  public BatchWrite toBatch() {
    return this;
  }

  @Override
  public DataWriterFactory createBatchWriterFactory(PhysicalWriteInfo info) {
    StructType data =
        new StructType(
            Arrays.stream(schema.fields())
                .filter(field -> !table.partitions().contains(field.name()))
                .toArray(StructField[]::new));
    try {
      Configuration hadoop = spark.sessionState().newHadoopConf();
      List<String> columns = List.of(data.fieldNames());
      table.encrypts().ifPresent(how -> ParquetKeys.encrypt(hadoop, how.within(columns)));
      Job job = Job.getInstance(hadoop);
      OutputWriterFactory format =
          FileFormats.of(table)
              .prepareWrite(spark, job, scala.collection.immutable.Map$.MODULE$.empty(), data);
      return new FileWriter.Factory(
          format,
          new SerializableConfiguration(job.getConfiguration()),
          root,
          runId,
          schema,
          data,
          table.partitioning(),
          table.format().can(Capability.EVERY_INSTANT));
    } catch (IOException e) {
      throw unwritable(root, e);
    }
  }

  @Override
  public void commit(WriterCommitMessage[] messages) {
    throw new IllegalStateException("staged by the route, published by the target");
  }

  @Override
  public void abort(WriterCommitMessage[] messages) {
    staged(Arrays.stream(messages).filter(Objects::nonNull).toArray(WriterCommitMessage[]::new));
    discard();
  }

  /** Takes the messages of the tasks that committed. */
  public void staged(WriterCommitMessage[] messages) {
    List<StagedFile> all = new ArrayList<>();
    for (WriterCommitMessage message : messages) {
      all.addAll(((FileWriter.Message) message).files());
    }
    files = all;
    if (all.isEmpty() && table.partitions().isEmpty()) {
      makeFolder(spark.sessionState().newHadoopConf(), root + "/" + runId);
    }
  }

  /** Makes a folder for no rows: the catalog must not point to one that is not there. */
  static String makeFolder(Configuration hadoop, String location) {
    Path folder = new Path(location);
    try {
      folder.getFileSystem(hadoop).mkdirs(folder);
      return location;
    } catch (IOException e) {
      throw unwritable(location, e);
    }
  }

  /**
   * The partitions that hold staged rows, each at its fresh folder; of a table that has none the
   * one folder, whether it holds rows or not.
   */
  public List<Partition> partitions() {
    Map<String, Partition> byFolder = new TreeMap<>();
    if (table.partitions().isEmpty()) {
      String folder = root + "/" + runId;
      byFolder.put(folder, new Partition(List.of(), folder, 0));
    }
    for (StagedFile file : files) {
      String folder = file.path().substring(0, file.path().lastIndexOf('/'));
      byFolder.merge(
          folder,
          new Partition(file.partition(), folder, file.rows()),
          (a, b) -> new Partition(a.values(), a.location(), a.rows() + b.rows()));
    }
    return List.copyOf(byFolder.values());
  }

  /** The files that committed tasks have written. */
  public List<StagedFile> files() {
    return files;
  }

  /** Where these files are. */
  public List<String> paths() {
    return files.stream().map(StagedFile::path).toList();
  }

  /** How many they are, and their size. */
  public Staging.Files counted() {
    return new Staging.Files(files.size(), files.stream().mapToLong(StagedFile::bytes).sum());
  }

  /** Deletes files that no committed task has named: those of attempts that were killed. */
  public void removeStrays() {
    Set<String> committed = new HashSet<>();
    files.forEach(file -> committed.add(name(file.path())));
    try {
      for (Partition partition : partitions()) {
        Path folder = new Path(partition.location());
        FileSystem fs = folder.getFileSystem(spark.sessionState().newHadoopConf());
        for (FileStatus status : fs.listStatus(folder)) {
          if (!committed.contains(status.getPath().getName())) {
            fs.delete(status.getPath(), false);
          }
        }
      }
    } catch (IOException e) {
      throw unwritable(root, e);
    }
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** Deletes the folders of this run. */
  public void discard() {
    try {
      for (Partition partition : partitions()) {
        Path folder = new Path(partition.location());
        folder.getFileSystem(spark.sessionState().newHadoopConf()).delete(folder, true);
      }
    } catch (IOException e) {
      throw unwritable(root, e);
    }
  }

  private static SluiceException unwritable(String root, IOException e) {
    return new SluiceException(
        ErrorKind.INFRA,
        String.format(
            "Cannot write to %s: %s. Check the rights on that place and run again",
            root, e.getMessage()),
        e);
  }
}
