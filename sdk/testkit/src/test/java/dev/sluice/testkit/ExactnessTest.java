package dev.sluice.testkit;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.rand;
import static org.apache.spark.sql.functions.when;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.model.JobSpec;
import dev.sluice.model.Json;
import dev.sluice.model.Receipt;
import dev.sluice.model.Source;
import dev.sluice.model.Table;
import dev.sluice.model.Write;
import dev.sluice.runtime.Extract;
import dev.sluice.runtime.Run;
import dev.sluice.runtime.route.RowLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** However a job shapes its rows, each is published or in quarantine, with just its own reasons. */
@SluiceTest
class ExactnessTest {
  private static final Table SHAPED =
      Table.iceberg("shop.shaped")
          .column("id", "int")
          .column("amount", "double")
          .column("region", "string")
          .checkedBy("shaped");

  /** How many tasks have failed on purpose. */
  private static final AtomicInteger FAILED = new AtomicInteger();

  /** One way to shape rows; its name is what a report shows. */
  private record Shape(String name, Map<String, String> conf, UnaryOperator<Dataset<Row>> body) {
    Shape(String name, UnaryOperator<Dataset<Row>> body) {
      this(name, Map.of(), body);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** Rows as the naive reader sees them. */
  private record Seen(Integer id, Double amount, String region) {
    static Seen of(Row row) {
      return new Seen(
          row.isNullAt(0) ? null : row.getInt(0),
          row.isNullAt(1) ? null : row.getDouble(1),
          row.isNullAt(2) ? null : row.getString(2));
    }

    /** The reasons that a careful person would give, in the suite's order. */
    List<String> reasons() {
      List<String> reasons = new ArrayList<>();
      // Spark orders NaN above all numbers, which is how Great Expectations sees it there.
      if (amount != null && (amount.isNaN() || amount < 0 || amount > 100)) {
        reasons.add("amount-in-range");
      }
      if (region != null && !region.equals("eu") && !region.equals("us")) {
        reasons.add("region-is-known");
      }
      if (id == null) {
        reasons.add("id-is-there");
      }
      if ("eu".equals(region) && amount != null && (amount.isNaN() || amount > 50)) {
        reasons.add("europe-is-cheap");
      }
      return reasons;
    }

    boolean leaves() {
      return !reasons().equals(List.of()) && !reasons().equals(List.of("europe-is-cheap"));
    }
  }

  private static final class Shaped extends Extract {
    private final Shape shape;

    Shaped(Shape shape) {
      this.shape = shape;
    }

    @Override
    public JobSpec spec() {
      return JobSpec.extract("shape")
          .settings(Sample.Settings.class)
          .read("orders", Source.csv("${inbox}/orders.csv"))
          .write(SHAPED, Write.replaceTable())
          .changesGrain()
          .build();
    }

    @Override
    protected Dataset<Row> extract(Dataset<Row> rows, Run run) {
      shape.conf().forEach(rows.sparkSession().conf()::set);
      return shape.body().apply(rows.drop(RowLayout.RAW)).select("id", "amount", "region");
    }
  }

  private static Dataset<Row> amount(Dataset<Row> rows, Column amount) {
    return rows.withColumn("amount", amount);
  }

  /** Half of the tasks fail the first time, after they have written rows. */
  private static Dataset<Row> flaky(Dataset<Row> rows) {
    UDF1<Integer, Integer> fail =
        id -> {
          TaskContext task = TaskContext.get();
          boolean last = id != null && id % 40 == 39;
          if (task != null && task.attemptNumber() == 0 && task.partitionId() % 2 == 0 && last) {
            FAILED.incrementAndGet();
            throw new IllegalStateException("the first attempt fails");
          }
          return id;
        };
    return rows.repartition(4)
        .withColumn(
            "id", functions.udf(fail, DataTypes.IntegerType).asNondeterministic().apply(col("id")));
  }

  static Stream<Shape> deterministic() {
    Map<String, String> noAdaption = Map.of("spark.sql.adaptive.enabled", "false");
    Map<String, String> noAnsi = Map.of("spark.sql.ansi.enabled", "false");
    return Stream.of(
        new Shape("as they come", rows -> rows),
        new Shape("ordered", rows -> rows.orderBy(col("amount").desc())),
        new Shape("ordered, without adaptive execution", noAdaption, r -> r.orderBy("amount")),
        new Shape("in seven partitions", rows -> rows.repartition(7)),
        new Shape("by region, without ANSI", noAnsi, rows -> rows.repartition(col("region"))),
        new Shape("in one partition", rows -> rows.coalesce(1)),
        new Shape("the first fifty", rows -> rows.orderBy("id", "amount", "region").limit(50)),
        new Shape("twice", rows -> rows.union(rows)),
        new Shape("distinct", Dataset::distinct),
        new Shape("none", rows -> rows.where(lit(false))),
        new Shape("one", rows -> rows.orderBy("id", "amount", "region").limit(1)),
        new Shape("without amounts", rows -> amount(rows, lit(null).cast("double"))),
        new Shape(
            "with strange numbers",
            rows ->
                amount(
                    rows,
                    when(col("id").mod(4).equalTo(0), lit(Double.NaN))
                        .when(col("id").mod(4).equalTo(1), lit(Double.POSITIVE_INFINITY))
                        .when(col("id").mod(4).equalTo(2), lit(-0.0))
                        .otherwise(lit(Double.NEGATIVE_INFINITY)))),
        new Shape(
            "with strange texts",
            rows ->
                rows.withColumn(
                    "region",
                    when(col("id").mod(4).equalTo(0), lit("e\u0301u"))
                        .when(col("id").mod(4).equalTo(1), lit("\uD83D\uDE00"))
                        .when(col("id").mod(4).equalTo(2), lit("\u202Eeu"))
                        .otherwise(lit("eu")))),
        new Shape("repeated", rows -> rows.union(rows).repartition(3)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("deterministic")
  void goodAndBadTogetherAreWhatTheJobMade(Shape shape, JobHarness job) {
    List<Seen> made = new ArrayList<>();
    Shape watched =
        new Shape(
            shape.name(),
            shape.conf(),
            rows -> {
              Dataset<Row> shaped = shape.body().apply(rows);
              made.addAll(seen(shaped.select("id", "amount", "region").collectAsList()));
              return shaped;
            });

    check(run(job, watched), made);
  }

  @Test
  void aTaskThatFailsAndIsTriedAgainCountsOnce(JobHarness job) {
    checkGiven(run(job, "flaky", ExactnessTest::flaky));
    assertThat(FAILED.get()).as("tasks have failed").isPositive();
  }

  private static List<Seen> seen(List<Row> rows) {
    return rows.stream().map(Seen::of).toList();
  }

  private static int sizeOf(JobResult result) {
    Receipt.Rows rows = result.receipt().rows().orElseThrow();
    return (int) (rows.written() + rows.quarantined());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("random")
  void aRowAndItsVerdictAgreeThoughTheRowIsChance(Shape shape, JobHarness job) {
    JobResult result = run(job, shape);

    assertThat(sizeOf(result)).isEqualTo(240);
    check(
        result, seen(Stream.concat(result.rows().stream(), result.quarantine().stream()).toList()));
  }

  static Stream<Shape> random() {
    return Stream.of(
        new Shape("by chance", rows -> amount(rows, rand().multiply(200).minus(50))),
        new Shape(
            "by chance, ordered",
            rows -> amount(rows, rand().multiply(200).minus(50)).orderBy("amount")));
  }

  private static void check(JobResult result, List<Seen> made) {
    assertThat(result.receipt().error()).isEmpty();
    assertThat(counted(result.rows(), Seen::of))
        .isEqualTo(counted(made.stream().filter(row -> !row.leaves()).toList(), row -> row));
    assertThat(counted(result.quarantine(), row -> Seen.of(row) + " " + JobResult.reasons(row)))
        .isEqualTo(
            counted(made.stream().filter(Seen::leaves).toList(), row -> row + " " + row.reasons()));
    JsonNode validation =
        Json.mapper()
            .valueToTree(result.receipt().quality().orElseThrow().validation().orElseThrow());
    for (int check : List.of(0, 1, 2, 3)) {
      JsonNode one = validation.get("results").get(check);
      String id = one.at("/meta/sluice/id").asText();
      assertThat(one.at("/result/unexpected_count").asLong())
          .as(id)
          .isEqualTo(made.stream().filter(row -> row.reasons().contains(id)).count());
    }
    Map<Integer, Long> copies =
        made.stream()
            .filter(row -> row.id() != null)
            .collect(Collectors.groupingBy(Seen::id, Collectors.counting()));
    assertThat(validation.at("/results/4/result/unexpected_count").asLong())
        .isEqualTo(copies.values().stream().filter(n -> n > 1).mapToLong(n -> n).sum());
    assertThat(validation.at("/results/5/result/observed_value").asLong()).isEqualTo(made.size());
  }

  private static <T, K> Map<K, Long> counted(List<T> rows, Function<T, K> key) {
    return rows.stream().collect(Collectors.groupingBy(key, Collectors.counting()));
  }

  /** The order that a line of the file holds. */
  private static Seen given(int id) {
    String region = id % 11 == 0 ? "asia" : id % 2 == 0 ? "eu" : "us";
    return new Seen(id % 29 == 0 ? null : id % 200, id % 7 == 0 ? null : id - 20.0, region);
  }

  /** Runs the job on the rows given, which it shapes so. */
  static JobResult run(JobHarness job, String name, UnaryOperator<Dataset<Row>> body) {
    return run(job, new Shape(name, body));
  }

  /** Checks that just the rows given are there, each where it belongs. */
  static void checkGiven(JobResult result) {
    check(result, IntStream.range(0, 240).mapToObj(ExactnessTest::given).toList());
  }

  private static JobResult run(JobHarness job, Shape shape) {
    String[] lines =
        Stream.concat(
                Stream.of("id,amount,region"),
                IntStream.range(0, 240)
                    .mapToObj(ExactnessTest::given)
                    .map(
                        row ->
                            (row.id() == null ? "" : row.id())
                                + ","
                                + (row.amount() == null ? "" : row.amount())
                                + ","
                                + row.region()))
            .toArray(String[]::new);
    job.file("orders.csv", lines).set("inbox", job.folder().toString());
    Shaped shaped = new Shaped(shape);
    return job.run(shaped);
  }
}
