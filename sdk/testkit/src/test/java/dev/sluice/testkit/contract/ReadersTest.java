package dev.sluice.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Json;
import dev.sluice.model.Table;
import dev.sluice.model.TableFormat;
import dev.sluice.runtime.lake.Lake;
import dev.sluice.testkit.JobHarness;
import dev.sluice.testkit.JobResult;
import dev.sluice.testkit.SluiceTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Writes a table of each format, every type and its odd values in it, to {@code target/readers},
 * and beside it what another engine must find there; {@code ci/chain/test_formats.py} lets others
 * read.
 */
@SluiceTest
class ReadersTest {
  private static final int ROWS = 60;
  private static final Path FOLDER = Path.of("target/readers").toAbsolutePath();

  @ParameterizedTest
  @EnumSource
  void otherEnginesAreToRead(TableFormat format, JobHarness job) throws IOException {
    Path folder = FOLDER.resolve(format.word());
    empty(folder);
    List<Value> values = Stream.concat(Value.ALL.stream(), Stream.of(Value.REGION)).toList();
    Table table = declare(format, values);
    String[] ids = IntStream.range(0, ROWS).mapToObj(Integer::toString).toArray(String[]::new);
    Map<String, String> lake = Map.of("lake.warehouse", folder.toUri().toString());
    lake.forEach(job::set);
    job.set("inbox", job.folder().toString());
    job.file("orders.csv", Stream.concat(Stream.of("id"), Stream.of(ids)).toArray(String[]::new));

    JobResult result =
        job.interval("2024-01-01/2024-02-01")
            .run(Orders.making(table, rows -> Value.make(rows, values)));

    assertThat(result.receipt().error()).isEmpty();
    try (Lake open = Lake.open(lake)) {
      Dataset<Row> rows = open.spark().range(ROWS).selectExpr("CAST(id AS INT) AS id");
      Dataset<Row> told = Value.make(rows, values).selectExpr(told(table));
      Files.write(
          folder.resolve("expected.jsonl"),
          told.selectExpr("to_json(struct(*), map('ignoreNullFields', 'false'))")
              .as(Encoders.STRING())
              .collectAsList());
    }
    Files.writeString(folder.resolve("declared.json"), Json.pretty(table));
  }

  private static Table declare(TableFormat format, List<Value> values) {
    Table table = Table.of(format, "shop.orders").describedAs("orders of a shop");
    table = table.column("id", "int", "number of the order");
    for (Value value : values) {
      table = table.column(value.column(), value.type(), "odd values of " + value.type());
    }
    return table.partitionedBy("region");
  }

  /** Each column as JSON can hold it without a loss: times as days or microseconds since 1970. */
  private static String[] told(Table table) {
    return table.columns().stream()
        .map(column -> told(column.name(), column.type()) + " AS " + column.name())
        .toArray(String[]::new);
  }

  private static String told(String name, String type) {
    return switch (type) {
      case "date" -> "unix_date(" + name + ")";
      case "timestamp" -> "unix_micros(" + name + ")";
      case "timestamp_ntz" -> "unix_micros(CAST(" + name + " AS TIMESTAMP))";
      case "binary" -> "hex(" + name + ")";
      case "float" -> "CAST(CAST(" + name + " AS DOUBLE) AS STRING)";
      case "double" -> "CAST(" + name + " AS STRING)";
      default ->
          type.startsWith("decimal")
              ? "CAST(" + name + " AS STRING)"
              : "CAST(" + name + " AS " + type + ")";
    };
  }

  static void empty(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    }
    Files.createDirectories(folder);
  }
}
