package dev.sluice.runtime.engine;

import dev.sluice.model.Column;
import dev.sluice.model.ErrorKind;
import dev.sluice.model.Nearest;
import dev.sluice.model.Receipt.PinnedFile;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Source;
import dev.sluice.runtime.lake.Schemas;
import dev.sluice.runtime.route.RowLayout;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Reads CSV files by the names in their header, never by position. */
final class CsvReader {
  private final SparkSession spark;
  private final String name;
  private final Source.Csv source;
  private final String uri;
  private final List<Column> columns;
  private final Unreadable unreadable;

  /** What becomes of records that cannot be parsed. */
  enum Unreadable {
    /** They come as rows with their text, bound for quarantine. */
    KEPT,
    /** They end the run: a lookup with holes would spoil rows that are good. */
    REFUSED
  }

  /**
   * A reader of one source.
   *
   * @param uri the address with its placeholders filled in
   * @param columns the columns to read
   */
  CsvReader(
      SparkSession spark,
      String name,
      Source.Csv source,
      String uri,
      List<Column> columns,
      Unreadable unreadable) {
    if (columns.isEmpty()) {
      throw SluiceException.config(
          "Cannot read %s: its columns are not known. Declare them with .column(name, type)", name);
    }
    this.unreadable = unreadable;
    this.spark = spark;
    this.name = name;
    this.source = source;
    this.uri = uri;
    this.columns = columns;
  }

  /** The columns that the rows have: those asked for, and the text of unreadable records. */
  StructType schema() {
    StructType schema = Schemas.spark(columns);
    return unreadable == Unreadable.KEPT ? schema.add(RowLayout.RAW, DataTypes.StringType) : schema;
  }

  /** The files as they are now. */
  List<PinnedFile> pin() {
    try {
      Path pattern = new Path(uri);
      FileSystem fs = pattern.getFileSystem(spark.sessionState().newHadoopConf());
      FileStatus[] found = fs.globStatus(pattern);
      List<PinnedFile> files = new ArrayList<>();
      for (FileStatus status : found == null ? new FileStatus[0] : found) {
        FileStatus[] inside =
            status.isDirectory() ? fs.listStatus(status.getPath()) : new FileStatus[] {status};
        for (FileStatus file : inside) {
          if (file.isFile() && !file.getPath().getName().matches("[._].*")) {
            files.add(
                new PinnedFile(
                    file.getPath().toString(),
                    file.getLen(),
                    Instant.ofEpochMilli(file.getModificationTime())));
          }
        }
      }
      if (files.isEmpty()) {
        throw new SluiceException(
            ErrorKind.SOURCE,
            String.format(
                "Cannot read %s: there is no file at %s. Put the file there or correct the setting"
                    + " that names it",
                name, uri));
      }
      return files;
    } catch (IOException e) {
      throw SluiceException.source(
          e,
          "Cannot read %s at %s: %s. Check the address and the rights",
          name,
          uri,
          e.getMessage());
    }
  }

  /** The rows of pinned files, whose headers must hold every column. */
  Dataset<Row> read(List<PinnedFile> files) {
    List<String> header = List.of();
    for (PinnedFile file : files) {
      List<String> own = header(file);
      if (!header.isEmpty() && !own.equals(header)) {
        throw SluiceException.contract(
            "Cannot read %s: the header of %s differs from that of the files before it. Read the"
                + " two kinds of file as two sources",
            name, file.uri());
      }
      header = own;
    }
    String[] paths = files.stream().map(PinnedFile::uri).toArray(String[]::new);
    return spark
        .read()
        .schema(fileSchema(header))
        .option("header", "true")
        .option("mode", unreadable == Unreadable.KEPT ? "PERMISSIVE" : "FAILFAST")
        .option("columnNameOfCorruptRecord", RowLayout.RAW)
        .option("nullValue", source.nullValue())
        .csv(paths)
        .select(
            Arrays.stream(schema().fieldNames())
                .map(org.apache.spark.sql.functions::col)
                .toArray(org.apache.spark.sql.Column[]::new));
  }

  /** The file's columns in its own order; those that nobody asks for are text. */
  private StructType fileSchema(List<String> header) {
    StructType wanted = Schemas.spark(columns);
    StructType schema = new StructType();
    for (String column : header) {
      boolean asked = Arrays.asList(wanted.fieldNames()).contains(column);
      schema = schema.add(column, asked ? wanted.apply(column).dataType() : DataTypes.StringType);
    }
    return unreadable == Unreadable.KEPT ? schema.add(RowLayout.RAW, DataTypes.StringType) : schema;
  }

  private List<String> header(PinnedFile file) {
    String line = firstLine(file);
    List<String> header =
        Arrays.stream(line.split(",", -1)).map(cell -> cell.strip().replace("\"", "")).toList();
    for (Column column : columns) {
      if (!header.contains(column.name())) {
        throw SluiceException.contract(
            "Cannot read %s: the header of %s has no column '%s'. %s. Correct the file, or declare"
                + " the column by its new name",
            name, file.uri(), column.name(), Nearest.hint(column.name(), header));
      }
    }
    return header;
  }

  private String firstLine(PinnedFile file) {
    Path path = new Path(file.uri());
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                path.getFileSystem(spark.sessionState().newHadoopConf()).open(path),
                StandardCharsets.UTF_8))) {
      return Optional.ofNullable(reader.readLine())
          .filter(line -> !line.isBlank())
          .orElseThrow(
              () ->
                  new SluiceException(
                      ErrorKind.DATA,
                      String.format(
                          "Cannot read %s: %s is empty, it has not even a header. Deliver the file"
                              + " again",
                          name, file.uri())));
    } catch (IOException e) {
      throw SluiceException.source(
          e, "Cannot read %s: %s. Check the file and run again", file.uri(), e.getMessage());
    }
  }
}
