package dev.sluice.runtime.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Column;
import dev.sluice.model.ErrorKind;
import dev.sluice.model.Receipt.PinnedFile;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Source;
import dev.sluice.model.Source.FileKind;
import dev.sluice.runtime.lake.Schemas;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.datasources.FileFormat;
import org.apache.spark.sql.execution.datasources.PartitionedFile;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import scala.Function1;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Small files, broken in one place after another: the rows come back to the letter, or the file is
 * refused by its name.
 *
 * <p>{@code -Dcorrupt.step=1} breaks them at every byte; by default at every so many.
 */
@Timeout(600)
class CorruptFileTest {
  private static final int STEP = Integer.getInteger("corrupt.step", 7);

  private static final List<Column> COLUMNS =
      List.of(
          new Column("id", "int", ""),
          new Column("amount", "double", ""),
          new Column("region", "string", ""),
          new Column("day", "date", ""),
          new Column("moment", "timestamp", ""));

  @TempDir private static Path folder;
  private static SparkSession spark;
  private static Configuration hadoop;

  /** How often broken files ended in which way. */
  private final Map<String, Integer> endings = new TreeMap<>();

  @BeforeAll
  static void start() {
    spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "localhost")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.avro.compression.codec", "snappy")
            .config("spark.sql.files.ignoreCorruptFiles", "true")
            .config("spark.sql.files.ignoreMissingFiles", "true")
            .getOrCreate();
    hadoop = spark.sessionState().newHadoopConf();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @Test
  void parquet() throws IOException {
    byte[] whole = written(FileKind.PARQUET);
    breakAll(FileKind.PARQUET, whole);
    assertThat(endings.keySet()).containsOnly("refused", "exact");
  }

  @Test
  void orc() throws IOException {
    byte[] whole = written(FileKind.ORC);
    breakAll(FileKind.ORC, whole);
    // Its format has no checksums: what nobody can see is a value, never that a row is missing.
    assertThat(endings.keySet())
        .contains("refused", "exact")
        .isSubsetOf("refused", "exact", "other values");
  }

  @Test
  void avro() throws IOException {
    byte[] whole = written(FileKind.AVRO);
    breakAll(FileKind.AVRO, whole);
    // Cut just behind its header, it is a file without rows, and nothing in it says otherwise.
    assertThat(endings.keySet())
        .contains("refused", "exact")
        .isSubsetOf("refused", "exact", "shorter");
    assertThat(endings.getOrDefault("shorter", 0)).isLessThanOrEqualTo(1);
  }

  @Test
  void gzip() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      StringBuilder text = new StringBuilder("id,amount,region,day,moment\n");
      for (int id = 0; id < 20; id++) {
        text.append(id).append(",2.5,eu,2013-01-31,2013-01-31T23:59:59Z\n");
      }
      out.write(text.toString().getBytes(StandardCharsets.UTF_8));
    }
    StructType schema = TextSchema.of(COLUMNS, Unreadable.KEPT);
    TextRecords records =
        new CsvRecords("orders", Schemas.spark(COLUMNS), "", Source.LineBreaks.END_RECORDS);
    FileFormat format = new TextFormat("orders", records, Unreadable.KEPT);
    List<String> expected = read(format, schema, Map.of(), pinned(bytes.toByteArray(), "csv.gz"));

    Iterator<BrokenCopies> copies = BrokenCopies.of(bytes.toByteArray(), 1);
    while (copies.hasNext()) {
      BrokenCopies copy = copies.next();
      PinnedFile file = pinned(copy.bytes(), "csv.gz");
      ending(copy, file, expected, () -> read(format, schema, Map.of(), file));
    }

    assertThat(endings.keySet()).containsOnly("refused", "exact");
  }

  private interface Reading {
    List<String> rows();
  }

  private void breakAll(FileKind kind, byte[] whole) throws IOException {
    ColumnarReader reader = new ColumnarReader(spark, "orders", kind, COLUMNS);
    FileFormat format = ColumnarFormats.of(kind);
    StructType schema = reader.schema();
    Map<String, String> options = ColumnarReader.options(kind);
    List<String> expected = read(format, schema, options, pinned(whole, kind.word()));
    assertThat(expected).hasSize(20);
    Iterator<BrokenCopies> copies = BrokenCopies.of(whole, STEP);
    while (copies.hasNext()) {
      BrokenCopies copy = copies.next();
      PinnedFile file = pinned(copy.bytes(), kind.word());
      ending(
          copy,
          file,
          expected,
          () -> {
            reader.require(hadoop, file);
            return read(format, schema, options, file);
          });
    }
  }

  private void ending(BrokenCopies copy, PinnedFile file, List<String> expected, Reading reading) {
    String ending;
    try {
      List<String> rows = reading.rows();
      boolean shorter = copy.endsAsShorterFile();
      assertThat(rows).as(copy.what()).hasSize(shorter ? 0 : expected.size());
      ending = shorter ? "shorter" : rows.equals(expected) ? "exact" : "other values";
    } catch (SluiceException e) {
      assertThat(e.getMessage()).as(copy.what()).contains(file.uri());
      assertThat(e.kind()).as(copy.what()).isIn(ErrorKind.DATA, ErrorKind.CONTRACT);
      ending = "refused";
    }
    endings.merge(ending, 1, Integer::sum);
  }

  private static List<String> read(
      FileFormat format, StructType schema, Map<String, String> options, PinnedFile file) {
    Map<String, String> asSparkAsks = new TreeMap<>(options);
    asSparkAsks.put(
        FileFormat.OPTION_RETURNING_BATCH(), Boolean.toString(format.supportBatch(spark, schema)));
    scala.collection.immutable.Map<String, String> all =
        scala.collection.immutable.Map.from(CollectionConverters.asScala(asSparkAsks));
    Function1<PartitionedFile, scala.collection.Iterator<InternalRow>> open =
        format.buildReaderWithPartitionValues(
            spark,
            schema,
            new StructType(),
            schema,
            empty(),
            all,
            spark.sessionState().newHadoopConfWithOptions(all));
    PartitionedFile part =
        PartitionedFile.apply(
            InternalRow.empty(),
            org.apache.spark.paths.SparkPath.fromPathString(file.uri()),
            0,
            file.bytes(),
            new String[0],
            0,
            file.bytes(),
            scala.collection.immutable.Map$.MODULE$.empty());
    List<String> rows = new ArrayList<>();
    scala.collection.Iterator<?> found = open.apply(part);
    while (found.hasNext()) {
      Object next = found.next();
      if (next instanceof ColumnarBatch batch) {
        batch.rowIterator().forEachRemaining(row -> rows.add(text(row, schema)));
      } else {
        rows.add(text((InternalRow) next, schema));
      }
    }
    return rows;
  }

  private static <T> Seq<T> empty() {
    return CollectionConverters.asScala(List.<T>of()).toSeq();
  }

  private static String text(InternalRow row, StructType schema) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < schema.length(); i++) {
      values.add(String.valueOf(row.isNullAt(i) ? null : row.get(i, schema.apply(i).dataType())));
    }
    return values.toString();
  }

  private static PinnedFile pinned(byte[] bytes, String ending) {
    try {
      Path file = folder.resolve("broken." + ending);
      Files.write(file, bytes);
      return Pins.of(hadoop, "orders", file.toUri().toString()).get(0);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static byte[] written(FileKind kind) throws IOException {
    Path out = folder.resolve(kind.word());
    spark
        .range(0, 20, 1, 1)
        .selectExpr(
            "CAST(id AS INT) id",
            "id * 1.5D amount",
            "IF(id % 5 = 0, NULL, concat('region-', id % 3)) region",
            "date_add(DATE '2013-01-31', CAST(id AS INT)) day",
            "timestamp_seconds(1359676799 + id) moment")
        .write()
        .format(
            kind == FileKind.AVRO
                ? org.apache.spark.sql.avro.AvroFileFormat.class.getName()
                : kind.word())
        .save(out.toUri().toString());
    try (Stream<Path> files = Files.list(out)) {
      return Files.readAllBytes(
          files
              .filter(file -> file.getFileName().toString().startsWith("part-"))
              .findFirst()
              .orElseThrow());
    }
  }
}
