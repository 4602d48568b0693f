package dev.sluice.runtime.source;

import dev.sluice.model.Receipt.PinnedFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.schema.MessageType;

/**
 * The footer of a Parquet file, whose parts must agree with one another.
 *
 * <p>Pages have checksums, the footer has none, and it decides which rows a reader sees at all: a
 * part that seems to lie elsewhere is left out by every task, in silence.
 *
 * @param begin where in the file the footer begins
 */
record ParquetFooter(FileMetaData parts, MessageType schema, long begin) {
  private static final int TAIL = 8;
  private static final String MAGIC = "PAR1";
  private static final String ENCRYPTED = "PARE";

  /** Where the data of one column lies. */
  private record Place(long from, long to) {}

  static ParquetFooter read(Configuration hadoop, PinnedFile file) throws IOException {
    Path path = new Path(file.uri());
    try (FSDataInputStream in = path.getFileSystem(hadoop).open(path)) {
      if (file.bytes() < MAGIC.length() + TAIL) {
        throw new IOException("it is too short for a Parquet file");
      }
      byte[] tail = new byte[TAIL];
      in.readFully(file.bytes() - TAIL, tail);
      int length = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN).getInt();
      long begin = file.bytes() - TAIL - length;
      String magic =
          new String(tail, TAIL - MAGIC.length(), MAGIC.length(), StandardCharsets.UTF_8);
      if (magic.equals(ENCRYPTED)) {
        throw new IOException("it is encrypted, and there is no key for it");
      }
      if (!magic.equals(MAGIC) || length <= 0 || begin < MAGIC.length()) {
        throw new IOException("it does not end as a Parquet file does");
      }
      byte[] footer = new byte[length];
      in.readFully(begin, footer);
      FileMetaData parts = Util.readFileMetaData(new ByteArrayInputStream(footer));
      MessageType schema =
          new ParquetMetadataConverter().fromParquetMetadata(parts).getFileMetaData().getSchema();
      return new ParquetFooter(parts, schema, begin).requireWhole();
    }
  }

  private ParquetFooter requireWhole() throws IOException {
    long rows = 0;
    List<Place> places = new ArrayList<>();
    for (RowGroup group : parts.getRow_groups()) {
      rows += group.getNum_rows();
      if (group.getNum_rows() < 0 || group.getColumnsSize() != schema.getColumns().size()) {
        throw new IOException("a row group of its footer lacks columns");
      }
      List<Place> own = new ArrayList<>();
      for (ColumnChunk chunk : group.getColumns()) {
        requireRows(chunk.getMeta_data(), group);
        own.add(place(chunk.getMeta_data()));
      }
      requireSize(group, own);
      places.addAll(own);
    }
    if (rows != parts.getNum_rows()) {
      throw new IOException(
          String.format("its footer counts %d rows, its parts have %d", parts.getNum_rows(), rows));
    }
    requireApart(places);
    return this;
  }

  /** Rows are counted in the footer, in each part and, as values, in each column of it. */
  private void requireRows(ColumnMetaData column, RowGroup group) throws IOException {
    String[] path = column.getPath_in_schema().toArray(String[]::new);
    if (!schema.containsPath(path)) {
      throw new IOException("its footer has data of a column that its schema lacks");
    }
    boolean repeats = schema.getMaxRepetitionLevel(path) > 0;
    long values = column.getNum_values();
    if (values < 0 || (!repeats && values != group.getNum_rows())) {
      throw new IOException(
          String.format(
              "column '%s' has %d values in %d rows",
              String.join(".", path), values, group.getNum_rows()));
    }
  }

  private Place place(ColumnMetaData column) throws IOException {
    long data = column.getData_page_offset();
    long dictionary = column.getDictionary_page_offset();
    boolean hasDictionary = column.isSetDictionary_page_offset() && dictionary > 0;
    long from = hasDictionary ? Math.min(data, dictionary) : data;
    long size = column.getTotal_compressed_size();
    if (from < MAGIC.length() || size < 0 || size > begin - from || data - from > size) {
      throw new IOException("a column of its footer lies outside the data");
    }
    return new Place(from, from + size);
  }

  /** A task takes a part by where its middle is, which these say. */
  private static void requireSize(RowGroup group, List<Place> places) throws IOException {
    long size = places.stream().mapToLong(place -> place.to() - place.from()).sum();
    long from = places.stream().mapToLong(Place::from).min().orElse(0);
    boolean otherSize =
        group.isSetTotal_compressed_size() && group.getTotal_compressed_size() != size;
    // Some writers leave it 0.
    boolean elsewhere =
        group.isSetFile_offset() && group.getFile_offset() != 0 && group.getFile_offset() != from;
    if (otherSize || elsewhere) {
      throw new IOException("a row group of its footer is not where its columns are");
    }
  }

  private static void requireApart(List<Place> places) throws IOException {
    places.sort(Comparator.comparingLong(Place::from));
    for (int i = 1; i < places.size(); i++) {
      if (places.get(i).from() < places.get(i - 1).to()) {
        throw new IOException("two columns of its footer lie in the same place");
      }
    }
  }
}
