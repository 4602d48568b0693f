package dev.sluice.jobs.flights.bench;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import dev.sluice.model.JobSpec;
import dev.sluice.model.Maintenance;
import dev.sluice.model.Receipt;
import dev.sluice.model.Sink;
import dev.sluice.model.Source;
import dev.sluice.model.Table;
import dev.sluice.model.TableFormat;
import dev.sluice.model.Write;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.Load;
import dev.sluice.runtime.Run;
import dev.sluice.runtime.Transform;
import dev.sluice.runtime.lake.Lake;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Rows published by Sluice and written by Spark alone: the same rows, the same files. Started by
 * {@code ci/bench publish}, one process a run; no suite, so that the gate costs nothing.
 */
public final class PublishBench {
  private static final String COLUMNS =
      "id bigint, part int, at timestamp, place string, amount double, tax double, note string";
  private static final long ROWS = 1_000_000;
  private static final long BIG = 5_000_000;
  private static final long CHANGES = BIG / 100;
  private static final int SMALL_FILES = 2_000;
  private static final int INPUT_FILES = 10_000;
  private static final String ME = Long.toString(ProcessHandle.current().pid());

  private final String warehouse;
  private final Map<String, String> settings = new LinkedHashMap<>();
  private final boolean sluice;

  private PublishBench(boolean sluice, String warehouse, List<String> further) {
    this.sluice = sluice;
    this.warehouse = warehouse;
    settings.put("lake.warehouse", warehouse);
    settings.put("spark.cores", "2");
    settings.put("spark.shuffle-partitions", "4");
    for (String set : further) {
      settings.put(set.replaceFirst("=.*", ""), set.replaceFirst("[^=]*=", ""));
    }
  }

  /**
   * {@code prepare WAREHOUSE} or {@code plain|sluice WAREHOUSE write FORMAT PARTITIONS | load URL |
   * upsert ROUND | compact | register KEY=VALUE… | files}; prints what it took as JSON.
   */
  public static void main(String[] args) throws Exception {
    List<String> further =
        args.length > 2 && args[2].equals("register")
            ? List.of(args).subList(3, args.length)
            : List.of();
    PublishBench bench = new PublishBench(args[0].equals("sluice"), args[1], further);
    try (Lake lake = Lake.open(bench.settings)) {
      SparkSession spark = lake.spark();
      if (args[0].equals("prepare")) {
        bench.prepare(spark);
        System.exit(0);
      }
      if (args[2].equals("compact")) {
        bench.asItWas(spark);
      }
      Measured.print(
          spark,
          () ->
              switch (args[2]) {
                case "write" -> bench.write(spark, args[3], Integer.parseInt(args[4]));
                case "load" -> bench.load(spark, args[3]);
                case "upsert" -> bench.upsert(spark, Integer.parseInt(args[3]));
                case "compact" -> bench.compact(spark);
                case "register" -> bench.register();
                default -> bench.files(spark);
              });
    }
    System.exit(0);
  }

  private static Dataset<Row> made(SparkSession spark, long rows) {
    return spark
        .range(0, rows, 1, 8)
        .selectExpr(
            "id",
            "CAST(pmod(xxhash64(id), 200) AS INT) AS part",
            "timestamp_seconds(1546300800 + pmod(xxhash64(id, 1), 31536000)) AS at",
            "concat('place-', pmod(hash(id), 265)) AS place",
            "pmod(hash(id, 2), 100000) / 100D AS amount",
            "pmod(hash(id, 3), 10000) / 100D AS tax",
            "concat('note ', md5(CAST(id AS STRING))) AS note");
  }

  private void prepare(SparkSession spark) throws Exception {
    spark.sql("CREATE NAMESPACE IF NOT EXISTS lake.bench");
    made(spark, ROWS).writeTo("lake.bench.source").create();
    made(spark, CHANGES).writeTo("lake.bench.changes").create();
    for (String who : List.of("plain", "sluice")) {
      made(spark, BIG).writeTo("lake.bench.big_" + who).create();
      made(spark, ROWS / 5)
          .repartition(SMALL_FILES)
          .writeTo("lake.bench.small_" + who)
          .tableProperty("write.distribution-mode", "none")
          .create();
    }
    Path folder = Files.createDirectories(inbox());
    String line = ",7,2024-01-01T00:00:00Z,place-7,1.5,0.5,a note of some length\n";
    for (int file = 0; file < INPUT_FILES; file++) {
      StringBuilder text = new StringBuilder("id,part,at,place,amount,tax,note\n");
      for (int row = 0; row < 20; row++) {
        text.append(file * 20 + row).append(line);
      }
      Files.writeString(folder.resolve("part-" + file + ".csv"), text);
    }
  }

  private Path inbox() {
    return Path.of(warehouse.replaceFirst("file://", ""), "inbox");
  }

  private static Table table(TableFormat format, String name) {
    Table with = Table.of(format, name);
    for (StructField field : StructType.fromDDL(COLUMNS).fields()) {
      with = with.column(field.name(), field.dataType().simpleString());
    }
    return with;
  }

  private static Table iceberg(String name) {
    return table(TableFormat.ICEBERG, name);
  }

  private String committed(Job job) {
    Receipt.Rows rows = Committed.run(job, Optional.empty(), settings).rows().orElseThrow();
    return Long.toString(rows.written());
  }

  private String write(SparkSession spark, String format, int partitions) throws Exception {
    String name = "written_" + ME;
    boolean parted = partitions > 1;
    if (sluice) {
      TableFormat kind = TableFormat.valueOf(format.toUpperCase(java.util.Locale.ROOT));
      Table out = table(kind, "bench." + name);
      Write write = parted ? Write.replacePartitions() : Write.replaceTable();
      return committed(
          new Copy(iceberg("bench.source"), parted ? out.partitionedBy("part") : out, write));
    }
    Dataset<Row> rows = spark.read().table("lake.bench.source");
    // As who knows Spark would write: one file for each partition, as Sluice and Iceberg do.
    Dataset<Row> laid = parted ? rows.repartition(col("part")).sortWithinPartitions("part") : rows;
    if (format.equals("iceberg")) {
      var into = laid.writeTo("lake.bench." + name);
      (parted ? into.partitionedBy(col("part")) : into).create();
    } else {
      var into = laid.write().format(format);
      (parted ? into.partitionBy("part") : into).save(warehouse + "/plain/" + name);
    }
    return "0";
  }

  private String load(SparkSession spark, String url) {
    if (sluice) {
      settings.put("jdbc-url", url);
      return committed(new Into("written_" + ME));
    }
    spark
        .read()
        .table("lake.bench.small_plain")
        .write()
        .option("batchsize", "10000")
        .jdbc(url, "plain_" + ME, new Properties());
    return "0";
  }

  /** The changes of a round hit one of a hundred rows. */
  private static Dataset<Row> changed(Dataset<Row> changes, int round) {
    return changes.withColumn("id", expr("id * 100 + " + round)).withColumn("tax", expr("tax + 1"));
  }

  private String upsert(SparkSession spark, int round) {
    if (sluice) {
      Table big = iceberg("bench.big_sluice").key("id");
      return committed(
          new Copy(iceberg("bench.changes"), big, Write.upsert()) {
            @Override
            protected Dataset<Row> transform(In in, Run run) {
              return changed(in.rows(), round);
            }
          }.named("upsert-" + round));
    }
    // No view of the same frame: Spark 4.1 fails to plan one over a table of Iceberg.
    spark.sql(
        "MERGE INTO lake.bench.big_plain t USING (SELECT id * 100 + "
            + round
            + " AS id, part, at, place, amount, tax + 1 AS tax, note FROM lake.bench.changes) s"
            + " ON t.id = s.id"
            + " WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *");
    return "0";
  }

  private String small() {
    return "bench.small_" + (sluice ? "sluice" : "plain");
  }

  /** The table as it was before an earlier round has compacted it. */
  private void asItWas(SparkSession spark) {
    long first =
        spark
            .sql(
                "SELECT snapshot_id FROM lake."
                    + small()
                    + ".snapshots ORDER BY committed_at LIMIT 1")
            .head()
            .getLong(0);
    spark.sql("CALL lake.system.set_current_snapshot('" + small() + "', " + first + ")");
  }

  private String compact(SparkSession spark) {
    if (sluice) {
      Table kept = iceberg(small()).maintenance(Maintenance.compact());
      Receipt receipt =
          Committed.maintain(new Copy(iceberg("bench.source"), kept, Write.append()), settings);
      return Long.toString(receipt.maintenance().orElseThrow().get(0).filesRemoved());
    }
    return Long.toString(
        spark
            .sql("CALL lake.system.rewrite_data_files(table => '" + small() + "')")
            .head()
            .getInt(0));
  }

  /** A thousand partitions, made known to a catalog: how long that part of a run takes. */
  private String register() {
    Table out = table(TableFormat.PARQUET, "bench.known_" + ME).partitionedBy("part");
    Source.Csv rows = csv(inbox() + "/part-1??.csv");
    Job job =
        new Taken(rows, out, Write.replacePartitions()) {
          @Override
          protected Dataset<Row> transform(In in, Run run) {
            return in.rows().withColumn("part", expr("CAST(id % 1000 AS INT)"));
          }
        };
    Map<String, Long> phases =
        Committed.run(job, Optional.empty(), settings).timings().phasesMs().orElseThrow();
    return Long.toString(phases.get("publish") + phases.get("register"));
  }

  private static Source.Csv csv(String uri) {
    Source.Csv rows = Source.csv(uri);
    for (StructField field : StructType.fromDDL(COLUMNS).fields()) {
      rows = rows.column(field.name(), field.dataType().simpleString());
    }
    return rows;
  }

  private String files(SparkSession spark) throws Exception {
    if (sluice) {
      return committed(
          new Taken(csv(inbox() + "/*.csv"), iceberg("bench.taken_" + ME), Write.append()));
    }
    Dataset<Row> rows =
        spark.read().schema(COLUMNS).option("header", "true").csv(inbox().toString());
    rows.select(
            IntStream.range(0, rows.columns().length)
                .mapToObj(i -> col(rows.columns()[i]))
                .toArray(Column[]::new))
        .writeTo("lake.bench.plain_" + ME)
        .create();
    return "0";
  }

  /** What a job here reads. */
  record In(Dataset<Row> rows) {}

  /** Rows of a table into another. */
  private static class Copy extends Transform<In> {
    private final Table from;
    private final Table into;
    private final Write write;
    private String name = "copy-" + ME;

    Copy(Table from, Table into, Write write) {
      this.from = from;
      this.into = into;
      this.write = write;
    }

    Copy named(String other) {
      name = other;
      return this;
    }

    @Override
    public JobSpec spec() {
      return JobSpec.transform(name).read("rows", from.latest()).write(into, write).build();
    }

    @Override
    protected Dataset<Row> transform(In in, Run run) {
      return in.rows();
    }
  }

  /** Rows of files into a table. */
  private static class Taken extends Transform<In> {
    private final Source.Csv from;
    private final Table into;
    private final Write write;

    Taken(Source.Csv from, Table into, Write write) {
      this.from = from;
      this.into = into;
      this.write = write;
    }

    @Override
    public JobSpec spec() {
      return JobSpec.transform("take-" + ME).read("rows", from).write(into, write).build();
    }

    @Override
    protected Dataset<Row> transform(In in, Run run) {
      return in.rows();
    }
  }

  /** Rows of a table into a database. */
  private static final class Into extends Load {
    /** The settings of the job. */
    record Settings(String jdbcUrl) {}

    private final String name;

    Into(String name) {
      this.name = name;
    }

    @Override
    public JobSpec spec() {
      return JobSpec.load("load-" + ME)
          .settings(Settings.class)
          .read("rows", iceberg("bench.small_plain").latest())
          .write(Sink.jdbc("${jdbc-url}", name), Write.append())
          .build();
    }
  }
}
