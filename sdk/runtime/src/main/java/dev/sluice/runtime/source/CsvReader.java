package dev.sluice.runtime.source;

import dev.sluice.model.Column;
import dev.sluice.model.Receipt.PinnedFile;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Source;
import dev.sluice.runtime.lake.Schemas;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/** Reads CSV files by the names in the header of each, never by position. */
final class CsvReader implements SourceReader {
  private final SparkSession spark;
  private final String name;
  private final Source.Csv source;
  private final List<Column> columns;
  private final Unreadable unreadable;

  CsvReader(
      SparkSession spark,
      String name,
      Source.Csv source,
      List<Column> columns,
      Unreadable unreadable) {
    this.spark = spark;
    this.name = name;
    this.source = source;
    this.columns = columns;
    this.unreadable = unreadable;
    for (Column column : columns) {
      if (!TextValue.has(DataType.fromDDL(column.type()))) {
        throw SluiceException.config(
            "Cannot read %s: column '%s' is %s, which a CSV file cannot hold. Read it as string and"
                + " parse it in the job",
            name, column.name(), column.type());
      }
    }
  }

  @Override
  public StructType schema() {
    return TextSchema.of(columns, unreadable);
  }

  @Override
  public Dataset<Row> read(List<PinnedFile> files) {
    Configuration hadoop = spark.sessionState().newHadoopConf();
    EachFile.ask(files, file -> header(hadoop, file));
    TextRecords records =
        new CsvRecords(name, Schemas.spark(columns), source.nullValue(), source.lineBreaks());
    return PinnedRows.of(
        spark, files, schema(), new TextFormat(name, records, unreadable), Map.of());
  }

  /** Looked at before anything is run, so that a missing column is named at once. */
  private CsvHeader header(Configuration hadoop, PinnedFile file) {
    Path path = new Path(file.uri());
    try (Splitter records =
        new Splitter(Inflated.open(hadoop, path, file.bytes()), 0, source.lineBreaks())) {
      TextRows.requireUtf8(name, path, records);
      Optional<byte[]> line =
          records.next()
              ? Optional.of(Arrays.copyOf(records.record(), records.length()))
              : Optional.empty();
      return CsvHeader.read(name, file.uri(), line, columns.stream().map(Column::name).toList());
    } catch (IOException e) {
      throw BrokenFile.read(file.uri(), e);
    }
  }
}
