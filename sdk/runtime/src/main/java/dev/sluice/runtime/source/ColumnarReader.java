package dev.sluice.runtime.source;

import dev.sluice.model.Column;
import dev.sluice.model.ColumnNames;
import dev.sluice.model.Nearest;
import dev.sluice.model.Receipt.PinnedFile;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Source.FileKind;
import dev.sluice.runtime.lake.Schemas;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** Reads Parquet, ORC and Avro files whose columns are just as they are declared. */
final class ColumnarReader implements SourceReader {
  private static final Map<FileKind, FileColumns.Opener> COLUMNS =
      Map.of(
          FileKind.PARQUET, ParquetColumns::open,
          FileKind.ORC, OrcColumns::open,
          FileKind.AVRO, AvroColumns::open);

  private final SparkSession spark;
  private final String name;
  private final FileKind kind;
  private final List<Column> columns;

  ColumnarReader(SparkSession spark, String name, FileKind kind, List<Column> columns) {
    this.spark = spark;
    this.name = name;
    this.kind = kind;
    this.columns = columns;
    if (kind == FileKind.ORC) {
      requireExactInstants();
    }
  }

  /** An ORC file keeps instants as a clock of the JVM's zone shows them. */
  private void requireExactInstants() {
    ZoneId zone = ZoneId.systemDefault();
    if (zone.getRules().equals(ZoneOffset.UTC.getRules())) {
      return;
    }
    for (Column column : columns) {
      if (column.type().matches("(.*[<,:])?timestamp([,>].*)?")) {
        throw SluiceException.config(
            "Cannot read %s in time zone %s: column '%s' is %s, which is read from ORC files"
                + " exactly only in UTC. Start the JVM with -Duser.timezone=UTC",
            name, zone, column.name(), column.type());
      }
    }
  }

  @Override
  public StructType schema() {
    return Schemas.spark(columns);
  }

  @Override
  public Dataset<Row> read(List<PinnedFile> files) {
    Configuration hadoop = spark.sessionState().newHadoopConf();
    EachFile.ask(files, file -> require(hadoop, file));
    return PinnedRows.of(spark, files, schema(), ColumnarFormats.of(kind), options(kind));
  }

  /** Refuses a file that is broken, or has not just the columns that are declared. */
  FileColumns require(Configuration hadoop, PinnedFile file) {
    FileColumns there = open(hadoop, file);
    require(file, there);
    return there;
  }

  private FileColumns open(Configuration hadoop, PinnedFile file) {
    try {
      return COLUMNS.get(kind).open(hadoop, file);
    } catch (Exception e) { // a broken file is anything to its reader: null, negative, endless
      throw BrokenFile.read(file.uri(), e);
    }
  }

  private void require(PinnedFile file, FileColumns there) {
    ColumnNames.collisions(there.names())
        .ifPresent(
            pairs -> {
              throw SluiceException.contract(
                  "Cannot read %s: %s has columns that cannot be told apart: %s. Rename or remove"
                      + " them",
                  name, file.uri(), pairs);
            });
    for (Column column : columns) {
      if (!there.names().contains(column.name())) {
        throw SluiceException.contract(
            "Cannot read %s: %s has no column '%s'. %s. Correct the file, or declare the column by"
                + " its new name",
            name, file.uri(), column.name(), Nearest.hint(column.name(), there.names()));
      }
      requireType(file, there, column);
    }
  }

  /** The very type, whether its parts may be null or not: a wider one is the job's to make. */
  private void requireType(PinnedFile file, FileColumns there, Column column) {
    String type;
    try {
      type = there.type(column.name()).catalogString();
    } catch (Exception e) { // Scala throws checked ones undeclared
      throw SluiceException.contract(
          "Cannot read %s: column '%s' of %s has a type that cannot be read (%s). Correct the file",
          name, column.name(), file.uri(), BrokenFile.reason(e));
    }
    if (!type.equals(column.type())) {
      throw SluiceException.contract(
          "Cannot read %s: column '%s' is %s in %s and %s in the declaration. Correct the file, or"
              + " declare %s and turn it in the job",
          name, column.name(), type, file.uri(), column.type(), type);
    }
  }

  static Map<String, String> options(FileKind kind) {
    return switch (kind) {
      case PARQUET ->
          Map.of(
              "parquet.page.verify-checksum.enabled", "true",
              "datetimeRebaseMode", "CORRECTED",
              // Old times in this type are of one calendar or the other, and nothing says which.
              "int96RebaseMode", "EXCEPTION");
      case ORC -> Map.of();
      case AVRO ->
          // By their names Spark would leave out files, in silence.
          Map.of("ignoreExtension", "true", "datetimeRebaseMode", "CORRECTED");
    };
  }
}
