package dev.sluice.runtime.source;

import dev.sluice.model.Column;
import dev.sluice.model.Receipt.PinnedFile;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Source;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** Reads one kind of file. */
public interface SourceReader {

  /** The columns that the rows have: those asked for, and the text of unreadable records. */
  StructType schema();

  /**
   * The rows of pinned files, columns found by their names.
   *
   * @throws SluiceException where a file lacks a column, or is no such file at all
   */
  Dataset<Row> read(List<PinnedFile> files);

  /**
   * The reader of a source's kind of file.
   *
   * @param name what the job calls what it reads
   * @param columns the columns to read
   */
  static SourceReader of(
      SparkSession spark,
      String name,
      Source.Files source,
      List<Column> columns,
      Unreadable unreadable) {
    if (columns.isEmpty()) {
      throw SluiceException.config(
          "Cannot read %s: its columns are not known. Declare them with .column(name, type)", name);
    }
    if (source instanceof Source.Csv csv) {
      return new CsvReader(spark, name, csv, columns, unreadable);
    }
    if (source instanceof Source.JsonLines) {
      return new JsonReader(spark, name, columns, unreadable);
    }
    return new ColumnarReader(spark, name, ((Source.Columnar) source).format(), columns);
  }
}
