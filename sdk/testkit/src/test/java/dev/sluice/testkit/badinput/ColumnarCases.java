package dev.sluice.testkit.badinput;

import static org.apache.spark.sql.functions.expr;

import dev.sluice.model.Source;
import dev.sluice.model.Source.FileKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** What arrives in files that know their columns. */
final class ColumnarCases {
  private final SparkSession spark;
  private final Path folder;

  ColumnarCases(SparkSession spark, Path folder) {
    this.spark = spark;
    this.folder = folder;
  }

  List<Given> all() {
    List<Given> all = new ArrayList<>();
    for (FileKind kind : FileKind.values()) {
      all.addAll(of(kind));
    }
    return all;
  }

  private List<Given> of(FileKind kind) {
    byte[] good = written(kind, "CAST(id AS INT) id", "CAST(id + 0.5 AS DOUBLE) v");
    byte[] flipped = good.clone();
    flipped[good.length / 3] ^= 0x10;
    return List.of(
        given(kind, "as it should be", good),
        given(kind, "columns in another order, one more", written(kind, "'x' w", "1.5D v", "1 id")),
        given(kind, "no rows", rowless(kind)),
        given(kind, "an empty file", new byte[0]),
        given(
            kind,
            "another kind of file",
            "id,v\n1,2.5\n".getBytes(java.nio.charset.StandardCharsets.UTF_8)),
        given(kind, "cut short", Arrays.copyOf(good, good.length - 7)),
        given(kind, "a missing column", written(kind, "1 id", "2.5D amount")),
        given(kind, "a column of another type", written(kind, "1 id", "'2.5' v")),
        given(kind, "a narrower type", written(kind, "1 id", "CAST(2.5 AS FLOAT) v")),
        given(kind, "columns that differ in case", written(kind, "1 id", "2.5D v", "2 ID")),
        given(kind, "a column in another case", written(kind, "1 id", "2.5D V")));
  }

  private static Given given(FileKind kind, String what, byte[] bytes) {
    Source.Columnar source =
        switch (kind) {
          case PARQUET -> Source.parquet("");
          case ORC -> Source.orc("");
          case AVRO -> Source.avro("");
        };
    return new Given(
        what, "orders." + kind.word(), bytes, source.column("id", "int").column("v", "double"));
  }

  private byte[] rowless(FileKind kind) {
    return written(
        kind, spark.range(1).selectExpr("1 id", "2.5D v").where(expr("id < 0")).coalesce(1));
  }

  private byte[] written(FileKind kind, String... columns) {
    spark.conf().set("spark.sql.caseSensitive", "true");
    try {
      return written(kind, spark.range(1, 3, 1, 1).selectExpr(columns));
    } finally {
      spark.conf().unset("spark.sql.caseSensitive");
    }
  }

  private byte[] written(FileKind kind, Dataset<Row> rows) {
    Path out = folder.resolve("written");
    String format =
        kind == FileKind.AVRO
            ? org.apache.spark.sql.avro.AvroFileFormat.class.getName()
            : kind.word();
    rows.write().format(format).mode("overwrite").save(out.toUri().toString());
    try (Stream<Path> files = Files.list(out)) {
      Path part =
          files
              .filter(file -> file.getFileName().toString().startsWith("part-"))
              .findFirst()
              .orElseThrow();
      return Files.readAllBytes(part);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
