package dev.sluice.jobs.flights.bench;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.date_format;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.hash;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.sequence;
import static org.apache.spark.sql.functions.unix_timestamp;
import static org.apache.spark.sql.functions.when;

import dev.sluice.model.JobSpec;
import dev.sluice.model.Receipt;
import dev.sluice.model.Table;
import dev.sluice.model.Write;
import dev.sluice.quality.OtherTables;
import dev.sluice.quality.SuitePlan;
import dev.sluice.runtime.Run;
import dev.sluice.runtime.Transform;
import dev.sluice.runtime.engine.Suites;
import dev.sluice.runtime.lake.Lake;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Taxi trips with four derived columns, written as plain Spark or behind a gate. Started by {@code
 * ci/bench gate}, one process a run; the suite lies on the class path.
 */
public final class GateBench {
  private static final List<String> DERIVED =
      List.of("duration_s", "speed_mph", "pickup_hour_label", "tip_pct");

  private static final String RAW_COLUMNS =
      "vendor_id int, pickup_datetime timestamp, dropoff_datetime timestamp, passenger_count int,"
          + " trip_distance double, rate_code_id int, store_and_fwd_flag string,"
          + " pickup_location_id int, dropoff_location_id int, payment_type int, fare_amount double,"
          + " extra double, mta_tax double, tip_amount double, tolls_amount double,"
          + " improvement_surcharge double, total_amount double, congestion_surcharge double";

  private final String warehouse;
  private final Lake lake;

  private GateBench(String warehouse) {
    this.warehouse = warehouse;
    this.lake = Lake.open(settings());
  }

  private Map<String, String> settings() {
    return Map.of("lake.warehouse", warehouse, "spark.cores", "2", "spark.shuffle-partitions", "4");
  }

  /**
   * {@code prepare WAREHOUSE CSV|made-up COPIES}, or {@code plain|parted|gate|compile WAREHOUSE
   * SUITE FORMAT PERCENT}; prints what it took as JSON.
   */
  public static void main(String[] args) throws Exception {
    GateBench bench = new GateBench(args[1]);
    if (args[0].equals("prepare")) {
      bench.prepare(args[2], Integer.parseInt(args[3]));
      System.exit(0);
    }
    if (args[0].equals("compile")) {
      SuiteBench.main(bench.lake.spark());
      System.exit(0);
    }
    boolean iceberg = args[3].equals("iceberg");
    int percent = Integer.parseInt(args[4]);
    SparkSession spark = bench.lake.spark();
    // Planned once before, since what a table needs once is no part of the comparison.
    bench.rows(spark.read().table("lake.bench.trips"), percent).limit(10).collectAsList();
    Measured.print(
        spark,
        () ->
            switch (args[0]) {
              case "plain" -> bench.plain(iceberg, percent);
              case "parted" -> bench.parted(args[2], percent);
              default -> bench.gate(args[2], iceberg, percent);
            });
    System.exit(0);
  }

  private void prepare(String csv, int copies) throws Exception {
    SparkSession spark = lake.spark();
    spark.sql("CREATE NAMESPACE IF NOT EXISTS lake.bench");
    Dataset<Row> given =
        csv.equals("made-up")
            ? MadeUpTrips.of(spark)
            : spark.read().schema(RAW_COLUMNS).option("header", "true").csv(csv);
    given
        .withColumn("rep", explode(sequence(lit(0), lit(copies - 1))))
        .repartition(8)
        .writeTo("lake.bench.trips")
        .createOrReplace();
    Dataset<Row> trips = spark.read().table("lake.bench.trips");
    trips.repartition(8).write().parquet(warehouse + "/files");
  }

  /**
   * The trips with what the job derives; so many percent of them get a fare that is not possible.
   */
  private Dataset<Row> rows(Dataset<Row> trips, int percent) {
    Column spoilt =
        pmod(hash(col("pickup_datetime"), col("rep"), col("tip_amount")), lit(100)).lt(percent);
    return trips
        .withColumn("fare_amount", when(spoilt, lit(-5.0)).otherwise(col("fare_amount")))
        .withColumn(
            "duration_s",
            unix_timestamp(col("dropoff_datetime"))
                .minus(unix_timestamp(col("pickup_datetime")))
                .cast("double"))
        .withColumn(
            "speed_mph",
            when(
                col("duration_s").gt(0),
                col("trip_distance").divide(col("duration_s").divide(3600))))
        .withColumn("pickup_hour_label", date_format(col("pickup_datetime"), "yyyy-MM-dd'T'HH"))
        .withColumn(
            "tip_pct",
            when(col("fare_amount").gt(0), col("tip_amount").divide(col("fare_amount"))));
  }

  private String plain(boolean iceberg, int percent) throws Exception {
    Dataset<Row> rows = rows(lake.spark().read().table("lake.bench.trips"), percent);
    if (iceberg) {
      rows.writeTo("lake.bench.plain_" + System.nanoTime())
          .tableProperty("write.parquet.compression-codec", "zstd")
          .create();
    } else {
      DataFrameWriter<Row> writer = rows.write().option("compression", "zstd");
      writer.partitionBy("rep").parquet(warehouse + "/plain_" + System.nanoTime());
    }
    return "0";
  }

  /**
   * The other way to part rows: by a leading partition, with Spark's own writer. Counts nothing and
   * gives no reasons, so the whole of it would cost more.
   */
  private String parted(String suite, int percent) throws Exception {
    Dataset<Row> rows = rows(lake.spark().read().table("lake.bench.trips"), percent);
    SuitePlan plan = SuitePlan.compile(Suites.load(suite), rows.schema(), OtherTables.NONE);
    List<Column> columns = new ArrayList<>(Arrays.asList(columns(rows.columns())));
    List<Column> words = new ArrayList<>();
    for (int word = 0; word < plan.words(); word++) {
      columns.add(plan.wordColumns().get(word).as("word_" + word));
      words.add(col("word_" + word));
    }
    rows.select(columns.toArray(Column[]::new))
        .withColumn("route", when(plan.leaves(words), "bad").otherwise("good"))
        .write()
        .option("compression", "zstd")
        .partitionBy("route", "rep")
        .parquet(warehouse + "/plain_" + System.nanoTime());
    return "0";
  }

  private static Column[] columns(String[] names) {
    return Arrays.stream(names).map(org.apache.spark.sql.functions::col).toArray(Column[]::new);
  }

  private String gate(String suite, boolean iceberg, int percent) {
    Receipt receipt =
        Committed.run(new Trips(suite, iceberg, percent), Optional.empty(), settings());
    Receipt.Rows rows = receipt.rows().orElseThrow();
    return "[" + rows.read() + ", " + rows.written() + ", " + rows.quarantined() + "]";
  }

  /** The same as a job. */
  private final class Trips extends Transform<Trips.In> {
    /** What the job reads. */
    record In(Dataset<Row> trips) {}

    private final String suite;
    private final boolean iceberg;
    private final int percent;

    Trips(String suite, boolean iceberg, int percent) {
      this.suite = suite;
      this.iceberg = iceberg;
      this.percent = percent;
    }

    private static Table columns(Table table, String ddl) {
      Table with = table;
      for (StructField field : StructType.fromDDL(ddl).fields()) {
        with = with.column(field.name(), field.dataType().simpleString());
      }
      return with;
    }

    @Override
    public JobSpec spec() {
      Table trips = columns(Table.iceberg("bench.trips"), RAW_COLUMNS + ", rep int");
      String all = RAW_COLUMNS + ", rep int";
      for (String derived : DERIVED) {
        all += ", " + derived + (derived.endsWith("label") ? " string" : " double");
      }
      String name = "bench.gate_" + ProcessHandle.current().pid();
      Table out =
          iceberg
              ? columns(Table.iceberg(name), all)
              : columns(Table.parquet(name), all).partitionedBy("rep");
      return JobSpec.transform("gate-bench-" + ProcessHandle.current().pid())
          .read("trips", trips.latest())
          .write(out.checkedBy(suite), iceberg ? Write.append() : Write.replacePartitions())
          .build();
    }

    @Override
    protected Dataset<Row> transform(In in, Run run) {
      return rows(in.trips(), percent);
    }
  }
}
