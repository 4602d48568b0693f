package dev.sluice.jobs.flights.bench;

import static org.apache.spark.sql.functions.callUDF;
import static org.apache.spark.sql.functions.col;

import dev.sluice.runtime.join.Join;
import dev.sluice.runtime.join.JoinNotes;
import dev.sluice.runtime.lake.Lake;
import java.util.Arrays;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;

/**
 * Left joins of a large table with one that has each key once. Started by {@code ci/bench join},
 * one process a run.
 *
 * <p>Keys of {@code facts} are as frequent as Zipf's law of exponent 1.5 says; {@code lines} are
 * one to seven of each of {@code orders}, as in TPC-H.
 */
public final class JoinBench {
  private static final double EXPONENT = 1.5;
  private static final int FEW_KEYS = 400_000;
  private static final int KEYS = 2_000_000;

  private JoinBench() {}

  /**
   * {@code prepare WAREHOUSE FACTS} or {@code plain|auto WAREHOUSE LEFT RIGHT CORES}; prints what
   * it took as JSON.
   */
  public static void main(String[] args) throws Exception {
    int cores = args[0].equals("prepare") ? 2 : Integer.parseInt(args[4]);
    Map<String, String> settings =
        Map.of(
            "lake.warehouse", args[1],
            "spark.cores", Integer.toString(cores),
            "spark.shuffle-partitions", Integer.toString(2 * cores));
    try (Lake lake = Lake.open(settings)) {
      if (args[0].equals("prepare")) {
        prepare(lake.spark(), Long.parseLong(args[2]));
      } else {
        JoinNotes.ofRun(System.err::println).open();
        Measured.print(lake.spark(), () -> join(lake.spark(), args[0], args[2], args[3]));
      }
    }
    System.exit(0);
  }

  private static void prepare(SparkSession spark, long facts) throws Exception {
    spark.sql("CREATE NAMESPACE IF NOT EXISTS lake.bench");
    double[] shares = shares();
    UDF1<Double, Long> rank = chance -> 1L + Math.abs(1 + Arrays.binarySearch(shares, chance));
    spark.udf().register("zipf", rank, DataTypes.LongType);
    Dataset<Row> ranks =
        spark
            .range(0, facts, 1, 4)
            .selectExpr("id", "shiftrightunsigned(xxhash64(id), 11) / 9007199254740992D AS chance")
            .withColumn("rank", callUDF("zipf", col("chance")));
    write(ranks, "facts", "xxhash64(rank) AS key", "id", "md5(CAST(id AS STRING)) AS note");
    Dataset<Row> keys = spark.range(1, KEYS + 1, 1, 4).toDF("rank");
    String name = "concat('name ', md5(CAST(rank AS STRING))) AS name";
    write(keys, "many_keys", "xxhash64(rank) AS key", name);
    write(keys.where("rank <= " + FEW_KEYS), "few_keys", "xxhash64(rank) AS key", name);
    Dataset<Row> orders = spark.range(0, facts / 4, 1, 4).toDF("key");
    write(orders, "orders", "key", "hash(key) AS customer", "md5(CAST(key AS STRING)) AS comment");
    Dataset<Row> lines =
        orders.selectExpr("key", "explode(sequence(1, 1 + pmod(hash(key), 7))) AS line");
    write(lines, "lines", "key", "line", "md5(CAST(key + line AS STRING)) AS note");
  }

  private static void write(Dataset<Row> rows, String table, String... columns) throws Exception {
    rows.selectExpr(columns).writeTo("lake.bench." + table).create();
  }

  /** How often the keys up to each are, together. */
  private static double[] shares() {
    double[] sums = new double[KEYS];
    double sum = 0;
    for (int i = 0; i < KEYS; i++) {
      sum += Math.pow(i + 1, -EXPONENT);
      sums[i] = sum;
    }
    for (int i = 0; i < KEYS; i++) {
      sums[i] /= sum;
    }
    return sums;
  }

  private static String join(SparkSession spark, String how, String left, String right) {
    Dataset<Row> many = spark.table("lake.bench." + left);
    Dataset<Row> one = spark.table("lake.bench." + right);
    Dataset<Row> joined =
        switch (how) {
          case "plain" -> many.join(one, new String[] {"key"}, "left");
          case "auto" -> Join.left(many, one).on("key");
          default -> throw new IllegalArgumentException(how);
        };
    joined.write().format("noop").mode("overwrite").save();
    return "0";
  }
}
