package dev.sluice.runtime.lineage;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Lineage.Origin;
import dev.sluice.runtime.join.Join;
import dev.sluice.runtime.join.Skew;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ColumnLineageTest {
  private static SparkSession spark;
  private static Dataset<Row> flights;
  private static Dataset<Row> airlines;

  @BeforeAll
  static void start() {
    spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "localhost")
            .getOrCreate();
    flights = input("carrier string, origin string, delay int, day date, _sluice_raw string");
    airlines = input("carrier string, name string");
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static Dataset<Row> input(String ddl) {
    // A filter on top, as the first read of a job has one that counts.
    return spark.createDataFrame(List.of(), StructType.fromDDL(ddl)).where(lit(true));
  }

  private static ColumnLineage of(Dataset<Row> made) {
    Map<String, LogicalPlan> inputs = new LinkedHashMap<>();
    inputs.put("flights", plan(flights));
    inputs.put("airlines", plan(airlines));
    return ColumnLineage.of(plan(made), inputs);
  }

  private static LogicalPlan plan(Dataset<Row> rows) {
    return rows.queryExecution().analyzed();
  }

  private static List<String> words(List<Origin> origins) {
    return origins.stream()
        .map(o -> o.input() + "." + o.column() + " " + String.join("+", names(o)))
        .toList();
  }

  private static List<String> names(Origin origin) {
    return origin.how().stream().map(Enum::name).toList();
  }

  private static List<String> column(ColumnLineage lineage, String name) {
    return words(lineage.columns().get(name));
  }

  @Test
  void aJoinWhoseRowsAreSpreadIsMadeOfWhatAPlainOneIs() {
    Dataset<Row> left = flights.drop("_sluice_raw");

    assertThat(of(Join.left(left, airlines).skew(Skew.salt(3)).on("carrier")))
        .isEqualTo(of(left.join(airlines, new String[] {"carrier"}, "left")));
  }

  @Test
  void aCopyIsToldFromAComputation() {
    ColumnLineage lineage =
        of(
            flights.select(
                col("carrier").as("code"),
                col("delay").plus(1).as("later"),
                coalesce(col("origin"), col("carrier")).as("either"),
                lit(1).as("one")));

    assertThat(column(lineage, "code")).containsExactly("flights.carrier IDENTITY");
    assertThat(column(lineage, "later")).containsExactly("flights.delay TRANSFORMATION");
    assertThat(column(lineage, "either"))
        .containsExactly("flights.carrier TRANSFORMATION", "flights.origin TRANSFORMATION");
    assertThat(column(lineage, "one")).isEmpty();
    assertThat(lineage.rows()).isEmpty();
    assertThat(lineage.notes()).isEmpty();
  }

  @Test
  void aConditionDecidesAndDoesNotGoIn() {
    ColumnLineage lineage =
        of(flights.select(when(col("delay").gt(15), col("origin")).as("late_at")));

    assertThat(column(lineage, "late_at"))
        .containsExactly("flights.delay CONDITIONAL", "flights.origin TRANSFORMATION");
  }

  @Test
  void whatFiltersJoinsGroupsAndSortsDecidesOverTheRows() {
    ColumnLineage lineage =
        of(
            flights
                .where(col("day").isNotNull())
                .join(airlines, "carrier")
                .groupBy("name")
                .agg(max("delay").as("worst"))
                .orderBy("worst"));

    assertThat(column(lineage, "name")).containsExactly("airlines.name IDENTITY");
    assertThat(column(lineage, "worst")).containsExactly("flights.delay AGGREGATION");
    assertThat(words(lineage.rows()))
        .containsExactly(
            "airlines.carrier JOIN",
            "airlines.name GROUP_BY",
            "flights.carrier JOIN",
            "flights.day FILTER",
            "flights.delay SORT");
  }

  @Test
  void aSelfJoinIsOfOneInput() {
    Dataset<Row> other = flights.select(col("carrier").as("c"), col("delay").as("d"));

    ColumnLineage lineage =
        of(
            flights
                .join(other, col("carrier").equalTo(col("c")))
                .select(col("delay").minus(col("d")).as("gap")));

    assertThat(column(lineage, "gap")).containsExactly("flights.delay TRANSFORMATION");
    assertThat(words(lineage.rows())).containsExactly("flights.carrier JOIN");
    assertThat(lineage.notes()).isEmpty();
  }

  @Test
  void aWindowHasColumnsOfItsOwn() {
    ColumnLineage lineage =
        of(
            flights.select(
                col("origin"),
                row_number().over(Window.partitionBy("carrier").orderBy("day")).as("nth"),
                sum("delay").over(Window.partitionBy("origin")).as("total")));

    assertThat(column(lineage, "origin")).containsExactly("flights.origin IDENTITY");
    assertThat(column(lineage, "total"))
        .containsExactly("flights.delay AGGREGATION", "flights.origin WINDOW");
    assertThat(column(lineage, "nth")).contains("flights.carrier WINDOW");
    assertThat(lineage.rows()).isEmpty();
  }

  @Test
  void aUnionIsOfBothSidesByPosition() {
    ColumnLineage lineage =
        of(flights.select(col("carrier").as("code")).union(airlines.select("name")));

    assertThat(column(lineage, "code"))
        .containsExactly("airlines.name IDENTITY", "flights.carrier IDENTITY");
  }

  @Test
  void whatIsExceptedDecides() {
    ColumnLineage lineage = of(flights.select("carrier").except(airlines.select("carrier")));

    assertThat(column(lineage, "carrier")).containsExactly("flights.carrier IDENTITY");
    assertThat(words(lineage.rows())).contains("airlines.carrier FILTER");
  }

  @Test
  void anExplodedColumnIsMadeOfItsArray() {
    ColumnLineage lineage =
        of(flights.select(col("day"), explode(array("carrier", "origin")).as("place")));

    assertThat(column(lineage, "place"))
        .containsExactly("flights.carrier TRANSFORMATION", "flights.origin TRANSFORMATION");
    assertThat(column(lineage, "day")).containsExactly("flights.day IDENTITY");
  }

  @Test
  void duplicatesAreDroppedByTheirKeys() {
    ColumnLineage lineage = of(flights.dropDuplicates("carrier").select("delay"));

    assertThat(column(lineage, "delay")).containsExactly("flights.delay IDENTITY");
    assertThat(words(lineage.rows())).containsExactly("flights.carrier GROUP_BY");
  }

  @Test
  void sqlWithNamesAndSubqueriesIsReadAsWell() {
    flights.createOrReplaceTempView("f");
    airlines.createOrReplaceTempView("a");

    ColumnLineage lineage =
        of(
            spark.sql(
                "WITH late AS (SELECT carrier, delay FROM f WHERE delay > 15)"
                    + " SELECT carrier, delay - (SELECT avg(delay) FROM f) AS above FROM late l"
                    + " WHERE EXISTS (SELECT 1 FROM a WHERE a.carrier = l.carrier AND a.name > '')"));

    assertThat(column(lineage, "carrier")).containsExactly("flights.carrier IDENTITY");
    assertThat(column(lineage, "above"))
        .containsExactly("flights.delay TRANSFORMATION+AGGREGATION");
    assertThat(words(lineage.rows()))
        .containsExactly(
            "airlines.carrier FILTER",
            "airlines.name FILTER",
            "flights.carrier FILTER",
            "flights.delay FILTER");
    assertThat(lineage.notes()).isEmpty();
  }

  @Test
  void aRollupIsOfItsKeys() {
    ColumnLineage lineage = of(flights.rollup("carrier", "origin").agg(sum("delay").as("total")));

    assertThat(column(lineage, "carrier")).containsExactly("flights.carrier IDENTITY");
    assertThat(column(lineage, "total")).containsExactly("flights.delay AGGREGATION");
    assertThat(words(lineage.rows()))
        .containsExactly("flights.carrier GROUP_BY", "flights.origin GROUP_BY");
  }

  @Test
  void codeThatNobodyCanReadIsMadeOfAllItIsGiven() {
    MapPartitionsFunction<Row, String> code = rows -> List.<String>of().iterator();

    ColumnLineage lineage =
        of(flights.select("carrier", "delay").mapPartitions(code, Encoders.STRING()).toDF("x"));

    assertThat(column(lineage, "x"))
        .containsExactly("flights.carrier TRANSFORMATION", "flights.delay TRANSFORMATION");
    assertThat(lineage.notes())
        .contains(
            "MapPartitions is not looked into: what it makes is said to come of all it is given");
  }

  @Test
  void rowsThatAreNoInputAreSaidToBeOfAll() {
    Dataset<Row> own = spark.createDataFrame(flights.javaRDD(), StructType.fromDDL("x string"));

    ColumnLineage lineage = of(own);

    assertThat(column(lineage, "x"))
        .hasSize(6)
        .contains("airlines.name TRANSFORMATION", "flights.delay TRANSFORMATION");
    assertThat(lineage.notes())
        .containsExactly(
            "LogicalRDD is no declared input: what comes of it is said to come of all of them");
  }

  @Test
  void columnsOfOurOwnAreNotTold() {
    ColumnLineage lineage = of(flights.where(col("_sluice_raw").isNull()));

    assertThat(lineage.columns().keySet()).containsExactly("carrier", "origin", "delay", "day");
    assertThat(lineage.rows()).isEmpty();
  }

  @Test
  void aWideTableIsCutAndSaysSo() {
    Dataset<Row> wide =
        input(String.join(", ", IntStream.range(0, 400).mapToObj(i -> "c" + i + " int").toList()));
    List<Column> sums = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      Column all = col("c0");
      for (int j = 1; j < 20; j++) {
        all = all.plus(col("c" + (i + j) % 400));
      }
      sums.add(all.as("s" + i));
    }

    ColumnLineage lineage =
        ColumnLineage.of(
            plan(wide.select(sums.toArray(Column[]::new))), Map.of("wide", plan(wide)));

    assertThat(lineage.columns().values().stream().mapToInt(List::size).sum())
        .isBetween(ColumnLineage.MOST_PAIRS - 20, ColumnLineage.MOST_PAIRS);
    assertThat(lineage.notes())
        .singleElement()
        .asString()
        .matches("\\d+ of 400 columns are not told: together they have more than 5000 origins");
  }

  @Test
  void aPlanThatTakesTooLongIsNotTold() {
    ColumnLineage lineage =
        ColumnLineage.of(plan(flights), Map.of("flights", plan(flights)), Duration.ofNanos(-1));

    assertThat(lineage.columns()).isEmpty();
    assertThat(lineage.notes())
        .containsExactly("columns are not told: the plan took longer to read than 0 ms");
  }
}
