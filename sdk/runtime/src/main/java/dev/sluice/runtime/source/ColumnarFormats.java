package dev.sluice.runtime.source;

import dev.sluice.model.Source.FileKind;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.avro.AvroFileFormat;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.datasources.FileFormat;
import org.apache.spark.sql.execution.datasources.PartitionedFile;
import org.apache.spark.sql.execution.datasources.orc.OrcFileFormat;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.types.StructType;
import scala.Function1;
import scala.collection.Iterator;
import scala.collection.immutable.Map;
import scala.collection.immutable.Seq;

/** Spark's own formats; what goes wrong in a file is told with the file's name. */
final class ColumnarFormats {
  private ColumnarFormats() {}

  static FileFormat of(FileKind kind) {
    return switch (kind) {
      case PARQUET -> new Parquet();
      case ORC -> new Orc();
      case AVRO -> new Avro();
    };
  }

  private static final class Parquet extends ParquetFileFormat {
    private static final long serialVersionUID = 1L;

    @Override
    public Function1<PartitionedFile, Iterator<InternalRow>> buildReaderWithPartitionValues(
        SparkSession spark,
        StructType data,
        StructType partitions,
        StructType required,
        Seq<Filter> filters,
        Map<String, String> options,
        Configuration hadoop) {
      return new Guarded(
          super.buildReaderWithPartitionValues(
              spark, data, partitions, required, filters, options, hadoop));
    }
  }

  private static final class Orc extends OrcFileFormat {
    private static final long serialVersionUID = 1L;

    /** Its batches make times and decimals only when they are asked for, which is too late. */
    @Override
    public boolean supportBatch(SparkSession spark, StructType schema) {
      return false;
    }

    @Override
    public Function1<PartitionedFile, Iterator<InternalRow>> buildReaderWithPartitionValues(
        SparkSession spark,
        StructType data,
        StructType partitions,
        StructType required,
        Seq<Filter> filters,
        Map<String, String> options,
        Configuration hadoop) {
      return new Guarded(
          new WatchedRows(
              super.buildReaderWithPartitionValues(
                  spark, data, partitions, required, filters, options, hadoop),
              required));
    }
  }

  private static final class Avro extends AvroFileFormat {
    private static final long serialVersionUID = 1L;

    @Override
    public Function1<PartitionedFile, Iterator<InternalRow>> buildReaderWithPartitionValues(
        SparkSession spark,
        StructType data,
        StructType partitions,
        StructType required,
        Seq<Filter> filters,
        Map<String, String> options,
        Configuration hadoop) {
      return new Guarded(
          super.buildReaderWithPartitionValues(
              spark, data, partitions, required, filters, options, hadoop));
    }
  }
}
