package dev.sluice.runtime.join;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.model.Receipt;
import dev.sluice.model.SluiceException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** However a join is done, its rows are those of Spark's plain one. */
class JoinTest {
  /** Sends whatever may be sent. */
  private static final Limits SENDS = new Limits(2, 3, Long.MAX_VALUE, -1, 0, Long.MAX_VALUE, 5);

  /** Spreads whatever may be spread: with so many cores every key is hot. */
  private static final Limits SPREADS = new Limits(1_000, 3, -1, -1, 0, Long.MAX_VALUE, 5);

  /** Splits whatever may be split. */
  private static final Limits SPLITS = new Limits(2, 3, -1, Long.MAX_VALUE, 0, Long.MAX_VALUE, 5);

  private static SparkSession spark;

  @BeforeAll
  static void start() {
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "localhost")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.datetime.java8API.enabled", "true")
            .config("spark.sql.shuffle.partitions", "3")
            .config("spark.sql.autoBroadcastJoinThreshold", "-1")
            .getOrCreate();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  /** Types of keys, with values that are easily mistaken for others; null is added to each. */
  private static final Map<String, List<Object>> KEYS = new LinkedHashMap<>();

  static {
    KEYS.put("int", List.of(0, 1, -1, Integer.MIN_VALUE, 42));
    KEYS.put("bigint", List.of(0L, 1L, -1L, Long.MAX_VALUE));
    KEYS.put("double", List.of(0.0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, 1.5));
    KEYS.put("float", List.of(0f, -0f, Float.NaN, 1.5f));
    KEYS.put("string", List.of("", " ", "a", "A", "\u00e9", "e\u0301", "\uD83D\uDE00"));
    KEYS.put("decimal(20,4)", List.of(decimal("0"), decimal("1.5"), decimal("-1.5")));
    KEYS.put("decimal(38,10)", List.of(decimal("0"), decimal("1.5"), decimal("12345678901234567")));
    KEYS.put("boolean", List.of(true, false));
    KEYS.put("date", List.of(LocalDate.EPOCH, LocalDate.of(1582, 10, 4)));
    KEYS.put("timestamp", List.of(Instant.EPOCH, Instant.parse("2024-02-29T23:59:59.999999Z")));
    KEYS.put("binary", List.of(new byte[0], new byte[] {0}, new byte[] {0, 0}));
    KEYS.put("array<double>", List.of(List.of(), List.of(0.0), List.of(-0.0), List.of(Double.NaN)));
    KEYS.put(
        "struct<x:int,y:double>",
        List.of(
            RowFactory.create(1, 0.0),
            RowFactory.create(1, -0.0),
            RowFactory.create(null, Double.NaN),
            RowFactory.create(null, null)));
  }

  private static BigDecimal decimal(String text) {
    return new BigDecimal(text);
  }

  /** Two frames made by chance. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  private record Sides(Dataset<Row> left, Dataset<Row> right, String[] keys, List<Object> some) {
    static Sides of(String type, Random chance) {
      boolean two = chance.nextInt(3) == 0;
      List<Object> values = new ArrayList<>(KEYS.get(type));
      values.add(null);
      String[] keys = two ? new String[] {"the key", "second"} : new String[] {"the key"};
      Collections.shuffle(values, chance);
      return new Sides(
          side("l", type, values, two, chance),
          side("r", type, values, two, chance),
          keys,
          values.subList(0, 2));
    }

    /** Some keys have most rows, some rows are alike in all columns, and now and then none is. */
    private static Dataset<Row> side(
        String own, String type, List<Object> values, boolean two, Random chance) {
      List<Row> rows = new ArrayList<>();
      int count = chance.nextInt(8) == 0 ? 0 : 1 + chance.nextInt(25);
      for (int i = 0; i < count; i++) {
        int at = Math.min(chance.nextInt(values.size()), chance.nextInt(values.size()));
        Integer second = chance.nextInt(5) == 0 ? null : chance.nextInt(2);
        Object value = chance.nextInt(6) == 0 ? null : own + chance.nextInt(5);
        rows.add(
            two
                ? RowFactory.create(value, second, values.get(at), Map.of(1, i % 2))
                : RowFactory.create(value, values.get(at), Map.of(1, i % 2)));
      }
      String ddl =
          String.format(
              "%s string, %s`the key` %s, %s_map map<int,int>",
              own, two ? "second int, " : "", type, own);
      return spark.createDataFrame(rows, StructType.fromDDL(ddl));
    }
  }

  static Stream<String> types() {
    return KEYS.keySet().stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("types")
  void neverChangesTheResult(String type) {
    long seed = Long.getLong("join.seed", 1);
    System.out.println("join.seed=" + seed + " for keys of " + type);
    Random chance = new Random(seed + type.hashCode());
    Sides sides = Sides.of(type, chance);
    for (Kind kind : Kind.values()) {
      Dataset<Row> plain = sides.left().join(sides.right(), sides.keys(), kind.spark());
      List<String> columns = List.of(plain.columns());
      List<String> rows = texts(plain);
      ways(kind, sides)
          .forEach(
              (name, join) -> {
                Told told = Told.of(join, sides.keys());
                String how = kind + ", " + name + ", seed " + seed + ": " + told.join();
                assertThat(told.strategy()).as(how).isEqualTo(name.replaceFirst(" .*", ""));
                assertThat(told.rows().columns()).as(how).containsExactlyElementsOf(columns);
                assertThat(texts(told.rows())).as(how).isEqualTo(rows);
              });
    }
  }

  /** Each way to do a join of this kind; names begin with the strategy. */
  private static Map<String, Join> ways(Kind kind, Sides sides) {
    Map<String, Join> ways = new LinkedHashMap<>();
    Join join = join(kind, sides.left(), sides.right());
    ways.put("plain off", join.skew(Skew.off()));
    if (kind == Kind.FULL) {
      ways.put("plain auto", join.within(SPREADS));
      return ways;
    }
    ways.put("broadcast auto", join.within(SENDS));
    boolean some = sides.left().count() > 0 && sides.right().count() > 0;
    if (some) {
      ways.put("salted auto", join.within(SPREADS));
      ways.put("split auto", join.within(SPLITS));
    }
    ways.put("salted all", join.skew(Skew.salt(3)));
    boolean named = sides.some().stream().noneMatch(v -> v instanceof List || v instanceof Row);
    if (sides.keys().length == 1 && named) {
      ways.put("salted named", join.skew(Skew.hot(sides.some().toArray())).within(SPREADS));
    }
    return ways;
  }

  /** Most rows have few keys, but far more keys have a row than a look finds. */
  @ParameterizedTest(name = "{0}")
  @EnumSource(
      value = Kind.class,
      names = {"INNER", "LEFT", "RIGHT", "SEMI", "ANTI"})
  void rowsOfHotKeysAndOfAllOthersAreEachThereOnce(Kind kind) {
    Dataset<Row> many =
        spark.range(2_000).selectExpr("IF(id % 4 < 3, id % 5, id) AS id", "id AS many");
    Dataset<Row> few = spark.range(0, 3_000, 2).selectExpr("id DIV 2 * 2 AS id", "id AS few");
    boolean swapped = kind == Kind.RIGHT;
    Dataset<Row> left = swapped ? few : many;
    Dataset<Row> right = swapped ? many : few;

    Told told = Told.of(join(kind, left, right).within(SPLITS), "id");

    assertThat(told.strategy()).as(told.join().reason()).isEqualTo("split");
    assertThat(told.join().hotKeys().orElseThrow()).isLessThan(500);
    assertThat(texts(told.rows()))
        .isEqualTo(texts(left.join(right, new String[] {"id"}, kind.spark())));
  }

  @Test
  void whatIsAnotherAtEachReadingIsNotReadTwice() {
    Dataset<Row> rows = spark.range(40).selectExpr("id % 3 AS id", "rand() AS chance");

    Told told = Told.of(Join.inner(rows, spark.range(9).toDF("id")).within(SPLITS), "id");

    assertThat(told.strategy()).isEqualTo("plain");
  }

  private static Join join(Kind kind, Dataset<Row> left, Dataset<Row> right) {
    return switch (kind) {
      case INNER -> Join.inner(left, right);
      case LEFT -> Join.left(left, right);
      case RIGHT -> Join.right(left, right);
      case FULL -> Join.full(left, right);
      case SEMI -> Join.semi(left, right);
      case ANTI -> Join.anti(left, right);
    };
  }

  /** A joined frame, and what was noted of it. */
  private record Told(Dataset<Row> rows, Receipt.Join join) {
    static Told of(Join join, String... keys) {
      JoinNotes notes = JoinNotes.ofRun(line -> {});
      notes.open();
      try {
        Dataset<Row> rows = join.on(keys[0], Arrays.copyOfRange(keys, 1, keys.length));
        return new Told(rows, notes.joins().get(0));
      } finally {
        notes.close();
      }
    }

    String strategy() {
      return join.strategy();
    }
  }

  private static List<String> texts(Dataset<Row> rows) {
    return rows.collectAsList().stream().map(JoinTest::text).sorted().toList();
  }

  private static String text(Object value) {
    if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
    if (value instanceof Row row) {
      List<String> all = new ArrayList<>();
      for (int i = 0; i < row.size(); i++) {
        all.add(text(row.get(i)));
      }
      return all.toString();
    }
    return String.valueOf(value);
  }

  @Test
  void keysThatTheSidesTellDifferentlyAreJoinedPlainly() {
    Dataset<Row> left = spark.range(20).selectExpr("CAST(id % 3 AS INT) AS id", "id AS l");
    Dataset<Row> right = spark.range(20).selectExpr("id % 4 AS id", "id AS r");
    Told told = Told.of(Join.left(left, right).within(SPREADS), "id");

    assertThat(told.join().reason()).isEqualTo("'id' is int on the left and bigint on the right");
    assertThat(texts(told.rows())).isEqualTo(texts(left.join(right, new String[] {"id"}, "left")));
    assertThatThrownBy(() -> Join.left(left, right).skew(Skew.salt(2)).on("id"))
        .isInstanceOf(SluiceException.class)
        .hasMessage(
            "Cannot spread the rows of a left join on id: 'id' is int on the left and bigint on the"
                + " right. Use Skew.auto()");
  }

  @Test
  void textsThatAreEqualThoughUnlikeAreJoinedPlainly() {
    Dataset<Row> left =
        spark.sql("SELECT collate(x, 'UTF8_LCASE') AS id FROM VALUES ('a'), ('A') t(x)");

    Told told = Told.of(Join.inner(left, left).within(SPREADS), "id");

    assertThat(told.join().reason())
        .isEqualTo("'id' is string collate UTF8_LCASE, of which unlike texts are equal");
    assertThat(told.rows().count()).isEqualTo(4);
  }

  @Test
  void aFrameIsJoinedWithItself() {
    Dataset<Row> rows = spark.range(30).selectExpr("id % 4 AS id");

    assertThat(Told.of(Join.inner(rows, rows).within(SPREADS), "id").rows().count())
        .isEqualTo(rows.join(rows, new String[] {"id"}, "inner").count());
  }

  @Test
  void whatCannotBeSpreadIsRefusedWhereItIsAskedFor() {
    Dataset<Row> rows = spark.range(3).selectExpr("id", "id AS second");

    assertThatThrownBy(() -> Join.full(rows, rows).skew(Skew.salt(2)).on("id", "second"))
        .hasMessage(
            "Cannot spread the rows of a full join on id, second: neither side of a full join can be"
                + " repeated. Use Skew.auto()");
    assertThatThrownBy(() -> Join.left(rows, rows).skew(Skew.hot(1L)).on("id", "second"))
        .hasMessage(
            "Cannot spread the rows of a left join on id, second: Skew.hot(…) takes values of one"
                + " column. Use Skew.auto() or Skew.salt(…)");
    assertThatThrownBy(() -> Skew.salt(1))
        .hasMessage(
            "Cannot spread keys over 1 parts: there are to be from 2 to 1000. Correct"
                + " Skew.salt(…)");
  }

  @Test
  void columnsThatAreNotThereOrThereTwiceAreNamed() {
    Dataset<Row> left = spark.range(3).selectExpr("id", "id AS Name");
    Dataset<Row> right = spark.range(3).selectExpr("id", "id AS name");

    assertThatThrownBy(() -> Join.left(left, right).on("idd"))
        .hasMessage(
            "Cannot join on idd: the left side has no column 'idd'. Did you mean 'id'? Known: id,"
                + " Name. Correct the name, or rename the column");
    assertThatThrownBy(() -> Join.left(left, right).on("id"))
        .hasMessage(
            "Cannot join on id: both sides have columns [name] besides, and nobody could tell which"
                + " is meant. Rename or drop those of one side");
    assertThat(Join.semi(left, right).on("ID").columns()).containsExactly("id", "Name");
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(Kind.class)
  void aPlanLooksAtNothingAndSaysSo(Kind kind) {
    Dataset<Row> rows = spark.range(0).selectExpr("id");
    JoinNotes notes = JoinNotes.ofPlan();
    notes.open();
    join(kind, rows, rows).within(SPREADS).on("id");
    join(kind, rows, rows).skew(Skew.off()).on("id");
    notes.close();

    assertThat(notes.lines())
        .containsExactly(
            kind == Kind.FULL
                ? "full join on id: plain, since neither side of a full join can be repeated"
                : kind.word()
                    + " join on id: decided when it runs, by the sizes of both sides and by their"
                    + " keys",
            kind.word() + " join on id: plain, since the job says so");
  }

  @Test
  void aLookReadsTheKeyColumnAlone(@TempDir Path folder) {
    Dataset<Row> rows = files(folder);
    String plan = Look.query(rows, List.of("id")).queryExecution().executedPlan().toString();

    assertThat(plan).contains("ReadSchema: struct<id:bigint>");
  }

  @Test
  void aLookFindsTheSharesOfHotKeys(@TempDir Path folder) {
    Map<Long, Double> shares = Look.at(files(folder), List.of("id")).orElseThrow().shares();

    Row hash = spark.range(1).select(Salted.hash(List.of("id"))).head();
    assertThat(shares.get(hash.getLong(0))).isCloseTo(0.4, within(0.02));
    assertThat(shares.values().stream().filter(share -> share > 0.05)).hasSize(1);
  }

  private static Dataset<Row> files(Path folder) {
    String path = folder.resolve("rows").toString();
    spark
        .range(0, 20_000, 1, 4)
        .select(
            when(col("id").mod(5).lt(2), lit(0L)).otherwise(col("id")).as("id"), lit("x").as("v"))
        .write()
        .parquet(path);
    return spark.read().parquet(path);
  }

  @Test
  void whatWouldBeMadeTwiceIsNotLookedAt(@TempDir Path folder) {
    Dataset<Row> rows = files(folder);

    assertThat(Look.at(rows.where("id > 3").union(rows), List.of("id"))).isPresent();
    assertThat(Look.at(rows.groupBy("id").agg(count(lit(1))), List.of("id"))).isEmpty();
    assertThat(Look.at(rows.join(rows, "id"), List.of("id"))).isEmpty();
    assertThat(Look.at(rows.repartition(3), List.of("id"))).isEmpty();
    assertThat(Look.at(spark.read().json(rows.toJSON()), List.of("id"))).isEmpty();
  }
}
