package dev.sluice.runtime.source;

import dev.sluice.model.Receipt.PinnedFile;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.execution.datasources.FileFormat;
import org.apache.spark.sql.execution.datasources.FileIndex;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.PartitionDirectory;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Rows of just the files that were pinned, at just the sizes that they had then. */
final class PinnedRows {
  /** A file that cannot be read ends the run, whatever the session has been told. */
  private static final Map<String, String> NEVER_SKIPPED =
      Map.of("ignoreCorruptFiles", "false", "ignoreMissingFiles", "false");

  private PinnedRows() {}

  static Dataset<Row> of(
      SparkSession spark,
      List<PinnedFile> files,
      StructType schema,
      FileFormat format,
      Map<String, String> options) {
    Map<String, String> all = new java.util.HashMap<>(options);
    all.putAll(NEVER_SKIPPED);
    return spark.baseRelationToDataFrame(
        new HadoopFsRelation(
            new Index(files),
            new StructType(),
            schema,
            Option.empty(),
            format,
            scala.collection.immutable.Map.from(CollectionConverters.asScala(all)),
            spark));
  }

  /** What Spark asks for files, instead of listing them once more. */
  private record Index(List<PinnedFile> files) implements FileIndex {
    private static final long BLOCK = 128L << 20;

    @Override
    public Seq<Path> rootPaths() {
      return seq(files.stream().map(file -> new Path(file.uri())).toList());
    }

    @Override
    public Seq<PartitionDirectory> listFiles(Seq<Expression> partitions, Seq<Expression> data) {
      FileStatus[] statuses = files.stream().map(Index::status).toArray(FileStatus[]::new);
      return seq(List.of(PartitionDirectory.apply(InternalRow.empty(), statuses)));
    }

    private static FileStatus status(PinnedFile file) {
      Instant modified = file.modified();
      return new FileStatus(
          file.bytes(), false, 1, BLOCK, modified.toEpochMilli(), new Path(file.uri()));
    }

    @Override
    public String[] inputFiles() {
      return files.stream().map(PinnedFile::uri).toArray(String[]::new);
    }

    @Override
    public void refresh() {}

    @Override
    public long sizeInBytes() {
      return files.stream().mapToLong(PinnedFile::bytes).sum();
    }

    @Override
    public StructType partitionSchema() {
      return new StructType();
    }

    private static <T> Seq<T> seq(List<T> list) {
      return CollectionConverters.asScala(list).toSeq();
    }
  }
}
