package dev.sluice.runtime.lake;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.runtime.spi.FileCatalog.Partition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Writes Parquet files straight to {@code <partition folder>/<run id>/}: nothing is renamed, and no
 * reader looks there before the catalog points to it.
 */
final class ParquetWrite implements RequiresDistributionAndOrdering, BatchWrite {
  private final SparkSession spark;
  private final Table table;
  private final String root;
  private final String runId;
  private final StructType schema;
  private List<ParquetWriter.StagedFile> files = List.of();

  ParquetWrite(SparkSession spark, Table table, String root, String runId, StructType schema) {
    this.spark = spark;
    this.table = table;
    this.root = root;
    this.runId = runId;
    this.schema = schema;
  }

  StructType schema() {
    return schema;
  }

  @Override
  public String description() {
    return table.name();
  }

  @Override
  public Distribution requiredDistribution() {
    return Distributions.clustered(
        table.partitions().stream()
            .map(Expressions::column)
            .toArray(org.apache.spark.sql.connector.expressions.Expression[]::new));
  }

  @Override
  public boolean distributionStrictlyRequired() {
    return false; // lets adaptive execution split a large partition over several files
  }

  @Override
  public SortOrder[] requiredOrdering() {
    return table.partitions().stream()
        .map(name -> Expressions.sort(Expressions.column(name), SortDirection.ASCENDING))
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
      Job job = Job.getInstance(hadoop);
      OutputWriterFactory format =
          new ParquetFileFormat()
              .prepareWrite(spark, job, scala.collection.immutable.Map$.MODULE$.empty(), data);
      return new ParquetWriter.Factory(
          format,
          new SerializableConfiguration(job.getConfiguration()),
          root,
          runId,
          schema,
          data,
          table.partitions());
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  @Override
  public void commit(WriterCommitMessage[] messages) {
    throw new IllegalStateException("staged by the route, published by the target");
  }

  @Override
  public void abort(WriterCommitMessage[] messages) {
    discard();
  }

  void staged(WriterCommitMessage[] messages) {
    List<ParquetWriter.StagedFile> all = new ArrayList<>();
    for (WriterCommitMessage message : messages) {
      all.addAll(((ParquetWriter.Message) message).files());
    }
    files = all;
  }

  /** The partitions that hold staged rows, each at its fresh folder. */
  List<Partition> partitions() {
    Map<String, Partition> byFolder = new TreeMap<>();
    for (ParquetWriter.StagedFile file : files) {
      String folder = file.path().substring(0, file.path().lastIndexOf('/'));
      byFolder.merge(
          folder,
          new Partition(file.partition(), folder, file.rows()),
          (a, b) -> new Partition(a.values(), a.location(), a.rows() + b.rows()));
    }
    return List.copyOf(byFolder.values());
  }

  /** Deletes files that no committed task has named: those of attempts that were killed. */
  void removeStrays() {
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
      throw unwritable(e);
    }
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  void discard() {
    try {
      for (Partition partition : partitions()) {
        Path folder = new Path(partition.location());
        folder.getFileSystem(spark.sessionState().newHadoopConf()).delete(folder, true);
      }
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private SluiceException unwritable(IOException e) {
    return new SluiceException(
        ErrorKind.INFRA,
        String.format(
            "Cannot write to %s: %s. Check the rights on that place and run again",
            root, e.getMessage()),
        e);
  }
}
