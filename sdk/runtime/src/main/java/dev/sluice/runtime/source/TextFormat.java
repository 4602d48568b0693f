package dev.sluice.runtime.source;

import dev.sluice.model.Source.LineBreaks;
import dev.sluice.runtime.route.RowLayout;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.Job;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.datasources.FileFormat;
import org.apache.spark.sql.execution.datasources.OutputWriterFactory;
import org.apache.spark.sql.execution.datasources.PartitionedFile;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import scala.Function1;
import scala.Option;
import scala.collection.Iterator;
import scala.collection.immutable.Map;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;

/**
 * Text files as Spark reads files, but by our own idea of a record.
 *
 * <p>Spark's readers cut values that are one too many, take an unclosed quote for closed, replace
 * bytes that are not UTF-8, and call a record bad or not by the columns that a job happens to use.
 */
final class TextFormat implements FileFormat, Serializable {
  private static final long serialVersionUID = 1L;

  private final String name;
  private final TextRecords records;
  private final Unreadable unreadable;

  TextFormat(String name, TextRecords records, Unreadable unreadable) {
    this.name = name;
    this.records = records;
    this.unreadable = unreadable;
  }

  @Override
  public Option<StructType> inferSchema(
      SparkSession spark, Map<String, String> options, Seq<FileStatus> files) {
    return Option.empty();
  }

  @Override
  public OutputWriterFactory prepareWrite(
      SparkSession spark, Job job, Map<String, String> options, StructType schema) {
    throw new UnsupportedOperationException("sources are only read");
  }

  @Override
  public boolean isSplitable(SparkSession spark, Map<String, String> options, Path path) {
    return records.lineBreaks() == LineBreaks.END_RECORDS && !Inflated.isCompressed(path);
  }

  @Override
  public Function1<PartitionedFile, Iterator<InternalRow>> buildReader(
      SparkSession spark,
      StructType dataSchema,
      StructType partitionSchema,
      StructType requiredSchema,
      Seq<Filter> filters,
      Map<String, String> options,
      Configuration hadoop) {
    List<String> declared = Arrays.asList(dataSchema.fieldNames());
    // Every column is parsed, whatever is asked for: a record is bad or not by itself.
    int[] places =
        Arrays.stream(requiredSchema.fieldNames())
            .mapToInt(column -> column.equals(RowLayout.RAW) ? -1 : declared.indexOf(column))
            .toArray();
    return new Guarded(
        new Opener(
            records,
            new TextRows.Wanted(name, places, unreadable),
            SerializableConfiguration.broadcast(spark.sparkContext(), hadoop)));
  }

  private static final class Opener
      extends AbstractFunction1<PartitionedFile, Iterator<InternalRow>> implements Serializable {
    private static final long serialVersionUID = 1L;

    private final TextRecords records;
    private final TextRows.Wanted wanted;
    private final Broadcast<SerializableConfiguration> hadoop;

    Opener(
        TextRecords records, TextRows.Wanted wanted, Broadcast<SerializableConfiguration> hadoop) {
      this.records = records;
      this.wanted = wanted;
      this.hadoop = hadoop;
    }

    @Override
    public Iterator<InternalRow> apply(PartitionedFile file) {
      TextRows.Part part =
          new TextRows.Part(file.toPath(), file.start(), file.length(), file.fileSize());
      try {
        TextRows rows = new TextRows(hadoop.value().value(), part, records, wanted);
        TaskCompletionListener close = task -> close(rows);
        Optional.ofNullable(TaskContext.get())
            .ifPresent(task -> task.addTaskCompletionListener(close));
        return CollectionConverters.asScala(rows);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static void close(TextRows rows) {
      try {
        rows.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
