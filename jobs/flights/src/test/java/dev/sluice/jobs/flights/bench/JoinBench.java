package dev.sluice.jobs.flights.bench;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.callUDF;
import static org.apache.spark.sql.functions.col;

import dev.sluice.runtime.join.Join;
import dev.sluice.runtime.join.JoinNotes;
import dev.sluice.runtime.join.Skew;
import dev.sluice.runtime.lake.Lake;
import java.util.Arrays;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;

/**
 * A join of facts, whose keys are as often as Zipf's law of exponent 1.5 says, with a table that has
 * each key once. Started by {@code ci/bench join}, one process a run.
 */
public final class JoinBench {
  private static final double EXPONENT = 1.5;

  private JoinBench() {}

  /**
   * {@code prepare WAREHOUSE FACTS KEYS} or {@code plain|auto|salted WAREHOUSE KEYS CORES};
   * prints what it took as JSON.
   */
  public static void main(String[] args) throws Exception {
    Map<String, String> settings =
        Map.of(
            "lake.warehouse", args[1],
            "spark.cores", args[0].equals("prepare") ? "2" : args[3],
            "spark.shuffle-partitions", System.getProperty("partitions", "4"));
    try (Lake lake = Lake.open(settings)) {
      SparkSession spark = lake.spark();
      if (args[0].equals("prepare")) {
        prepare(spark, Long.parseLong(args[2]), args[3].split(","));
        System.exit(0);
      }
      JoinNotes notes = JoinNotes.ofRun(System.err::println);
      notes.open();
      Measured.print(spark, () -> join(spark, args[0], args[2]));
    }
    System.exit(0);
  }

  private static void prepare(SparkSession spark, long facts, String[] keys) throws Exception {
    spark.sql("CREATE NAMESPACE IF NOT EXISTS lake.bench");
    for (String each : keys) {
      double[] shares = shares(Integer.parseInt(each));
      UDF1<Double, Long> rank = chance -> 1L + Math.abs(1 + Arrays.binarySearch(shares, chance));
      spark.udf().register("zipf", rank, DataTypes.LongType);
      spark
          .range(0, facts, 1, 16)
          .selectExpr("id", "shiftrightunsigned(xxhash64(id), 11) / 9007199254740992D AS chance")
          .withColumn("rank", callUDF("zipf", col("chance")))
          .selectExpr(
              "xxhash64(rank) AS key",
              "id",
              "timestamp_seconds(1546300800 + pmod(xxhash64(id, 1), 31536000)) AS at",
              "pmod(hash(id, 2), 100000) / 100D AS amount",
              "concat('note ', md5(CAST(id AS STRING))) AS note")
          .writeTo("lake.bench.facts_" + each)
          .create();
      spark
          .range(1, Long.parseLong(each) + 1, 1, 4)
          .selectExpr(
              "xxhash64(id) AS key",
              "concat('name ', md5(CAST(id AS STRING))) AS name",
              "concat('place-', pmod(hash(id), 265)) AS place")
          .writeTo("lake.bench.keys_" + each)
          .create();
    }
  }

  /** How often the keys up to each are, together. */
  private static double[] shares(int keys) {
    double[] sums = new double[keys];
    double sum = 0;
    for (int i = 0; i < keys; i++) {
      sum += Math.pow(i + 1, -EXPONENT);
      sums[i] = sum;
    }
    for (int i = 0; i < keys; i++) {
      sums[i] /= sum;
    }
    return sums;
  }

  private static String join(SparkSession spark, String how, String keys) {
    Dataset<Row> facts = spark.table("lake.bench.facts_" + keys);
    Dataset<Row> dim = spark.table("lake.bench.keys_" + keys);
    Dataset<Row> joined =
        switch (how) {
          case "plain" -> facts.join(dim, new String[] {"key"}, "left");
          case "auto" -> Join.left(facts, dim).on("key");
          case "salted" -> Join.left(facts, dim).skew(Skew.salt(4)).on("key");
          case "split" -> split(spark, facts, dim);
          default -> throw new IllegalArgumentException(how);
        };
    joined.write().format("noop").mode("overwrite").save();
    return "0";
  }

  private static Dataset<Row> split(SparkSession spark, Dataset<Row> facts, Dataset<Row> dim) {
    Row top =
        facts
            .select(org.apache.spark.sql.functions.xxhash64(col("key")).as("h"))
            .sample(0.1, 42)
            .agg(org.apache.spark.sql.functions.expr("approx_top_k(h, 1000, 10000)"))
            .head();
    Object[] hashes = top.getList(0).stream().map(r -> ((Row) r).getLong(0)).toArray();
    var hot = org.apache.spark.sql.functions.xxhash64(col("key")).isin(hashes);
    var cold = org.apache.spark.sql.functions.not(hot);
    return facts
        .where(hot)
        .join(broadcast(dim.where(hot)), new String[] {"key"}, "left")
        .union(facts.where(cold).join(dim.where(cold), new String[] {"key"}, "left"));
  }
}
