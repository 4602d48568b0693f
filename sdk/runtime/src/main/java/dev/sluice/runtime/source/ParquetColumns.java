package dev.sluice.runtime.source;

import dev.sluice.model.Receipt.PinnedFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.execution.datasources.parquet.ParquetToSparkSchemaConverter;
import org.apache.spark.sql.types.DataType;

/** The columns in the footer of a Parquet file. */
record ParquetColumns(MessageType schema) implements FileColumns {
  /**
   * Binary is no text, old times are times, a wall clock is one: as Spark takes files by default.
   */
  private static final ParquetToSparkSchemaConverter TYPES =
      new ParquetToSparkSchemaConverter(false, true, false, true, false, false, false);

  private static final int TAIL = 8;
  private static final String MAGIC = "PAR1";
  private static final String ENCRYPTED = "PARE";

  static ParquetColumns open(Configuration hadoop, PinnedFile file) throws IOException {
    FileMetaData footer = footer(hadoop, file);
    MessageType schema =
        new ParquetMetadataConverter().fromParquetMetadata(footer).getFileMetaData().getSchema();
    requireWhole(footer, schema, file);
    return new ParquetColumns(schema);
  }

  private static FileMetaData footer(Configuration hadoop, PinnedFile file) throws IOException {
    Path path = new Path(file.uri());
    try (FSDataInputStream in = path.getFileSystem(hadoop).open(path)) {
      if (file.bytes() < MAGIC.length() + TAIL) {
        throw new IOException("it is too short for a Parquet file");
      }
      byte[] tail = new byte[TAIL];
      in.readFully(file.bytes() - TAIL, tail);
      String magic =
          new String(tail, TAIL - MAGIC.length(), MAGIC.length(), StandardCharsets.US_ASCII);
      if (magic.equals(ENCRYPTED)) {
        throw new IOException("it is encrypted, and there is no key for it");
      }
      int length = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN).getInt();
      long begin = file.bytes() - TAIL - length;
      if (!magic.equals(MAGIC) || length <= 0 || begin < MAGIC.length()) {
        throw new IOException("it does not end as a Parquet file does");
      }
      byte[] footer = new byte[length];
      in.readFully(begin, footer);
      return Util.readFileMetaData(new ByteArrayInputStream(footer));
    }
  }

  /** Rows are counted in three places of a footer, and a reader looks at one. */
  private static void requireWhole(FileMetaData footer, MessageType schema, PinnedFile file)
      throws IOException {
    long rows = 0;
    for (RowGroup group : footer.getRow_groups()) {
      rows += group.getNum_rows();
      if (group.getNum_rows() < 0 || group.getColumnsSize() != schema.getColumns().size()) {
        throw new IOException("a row group of its footer lacks columns");
      }
      for (ColumnChunk chunk : group.getColumns()) {
        requireWhole(chunk, group, schema, file);
      }
    }
    if (rows != footer.getNum_rows()) {
      throw new IOException(
          String.format(
              "its footer counts %d rows, its parts have %d", footer.getNum_rows(), rows));
    }
  }

  private static void requireWhole(
      ColumnChunk chunk, RowGroup group, MessageType schema, PinnedFile file) throws IOException {
    String[] path = chunk.getMeta_data().getPath_in_schema().toArray(String[]::new);
    if (!schema.containsPath(path)) {
      throw new IOException("its footer has data of a column that its schema lacks");
    }
    long values = chunk.getMeta_data().getNum_values();
    boolean repeats = schema.getMaxRepetitionLevel(path) > 0;
    if (values < 0 || (!repeats && values != group.getNum_rows())) {
      throw new IOException(
          String.format(
              "column '%s' has %d values in %d rows",
              String.join(".", path), values, group.getNum_rows()));
    }
    long end = chunk.getMeta_data().getData_page_offset();
    if (end < MAGIC.length()
        || end + chunk.getMeta_data().getTotal_compressed_size() < 0
        || end >= file.bytes()
        || chunk.getMeta_data().getTotal_compressed_size() > file.bytes()) {
      throw new IOException("a column of its footer lies outside the file");
    }
  }

  @Override
  public List<String> names() {
    return schema.getFields().stream().map(Type::getName).toList();
  }

  @Override
  public DataType type(String column) {
    MessageType one = new MessageType(schema.getName(), schema.getType(column));
    return TYPES.convert(one).apply(0).dataType();
  }
}
