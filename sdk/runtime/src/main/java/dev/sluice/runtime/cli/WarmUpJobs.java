package dev.sluice.runtime.cli;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.to_date;
import static org.apache.spark.sql.functions.upper;

import dev.sluice.model.Doc;
import dev.sluice.model.JobSpec;
import dev.sluice.model.Source;
import dev.sluice.model.Table;
import dev.sluice.model.Write;
import dev.sluice.runtime.Extract;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.Run;
import dev.sluice.runtime.Transform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The jobs of {@link WarmUpCommand}: what most jobs do, over rows that it makes up. */
final class WarmUpJobs {
  static final String INTERVAL = "2024-01-01/2024-02-01";

  private static final int ROWS = 500;

  private static final Table ORDERS =
      Table.iceberg("warm.orders")
          .column("id", "int")
          .column("day", "date")
          .column("made_at", "timestamp")
          .column("region", "string")
          .column("amount", "decimal(9,2)")
          .column("weight", "double")
          .key("id")
          .partitionedBy("day")
          .checkedBy("sluice-warm-up");

  private static final Table LATEST =
      Table.iceberg("warm.latest")
          .column("id", "int")
          .column("region", "string")
          .column("amount", "decimal(9,2)")
          .key("id");

  private static final Table TOTALS =
      Table.parquet("warm.totals")
          .column("region", "string")
          .column("name", "string")
          .column("orders", "bigint")
          .column("mean", "double")
          .column("month", "int")
          .key("region")
          .partitionedBy("month");

  private WarmUpJobs() {}

  static List<Job> all() {
    return List.of(new Takes(), new Merges(), new Sums());
  }

  /** Makes up what the jobs read. */
  static void write(Path folder) {
    Stream<String> orders =
        IntStream.range(0, ROWS)
            .mapToObj(
                id ->
                    String.format(
                        Locale.ROOT,
                        "%d,2024-01-%02dT08:00:00Z,%s,%d.50,%s",
                        id,
                        1 + id % 3,
                        id % 100 == 7 ? "mars" : id % 2 == 0 ? "eu" : "us",
                        id,
                        id % 50 == 0 ? "" : id + ".25"));
    try {
      Files.createDirectories(folder);
      Files.write(
          folder.resolve("orders.csv"),
          Stream.concat(Stream.of("id,made_at,region,amount,weight"), orders).toList());
      Files.write(
          folder.resolve("regions.csv"), List.of("region,name", "eu,Europe", "us,United States"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  record Settings(@Doc("Folder of the rows.") String inbox) {}

  /** Checks rows of a file, parts bad ones off, and publishes partitions. */
  private static final class Takes extends Extract {
    @Override
    public JobSpec spec() {
      return JobSpec.extract("warm-up-takes")
          .settings(Settings.class)
          .perInterval()
          .read("orders", Source.csv("${inbox}/orders.csv").except("day"))
          .write(ORDERS, Write.replacePartitions())
          .build();
    }

    @Override
    protected Dataset<Row> extract(Dataset<Row> rows, Run run) {
      Dataset<Row> dated = rows.withColumn("day", to_date(col("made_at")));
      return run.filter(dated, run.within(col("day")));
    }
  }

  /** Merges rows of a table into another. */
  private static final class Merges extends Transform<Merges.Read> {
    record Read(Dataset<Row> orders) {}

    @Override
    public JobSpec spec() {
      return JobSpec.transform("warm-up-merges")
          .settings(Settings.class)
          .perInterval()
          .read("orders", ORDERS.latest().within("day"))
          .write(LATEST, Write.upsert())
          .build();
    }

    @Override
    protected Dataset<Row> transform(Read in, Run run) {
      return in.orders().select("id", "region", "amount");
    }
  }

  /** Joins and sums rows, and writes files. */
  private static final class Sums extends Transform<Sums.In> {
    record In(Dataset<Row> orders, Dataset<Row> regions) {}

    @Override
    public JobSpec spec() {
      return JobSpec.transform("warm-up-sums")
          .settings(Settings.class)
          .perInterval()
          .read("orders", ORDERS.latest().within("day"))
          .read(
              "regions",
              Source.csv("${inbox}/regions.csv")
                  .column("region", "string")
                  .column("name", "string"))
          .changesGrain()
          .write(TOTALS, Write.replacePartitions())
          .build();
    }

    @Override
    protected Dataset<Row> transform(In in, Run run) {
      return in.orders()
          .join(broadcast(in.regions()), new String[] {"region"}, "left")
          .groupBy(col("region"), upper(coalesce(col("name"), lit("?"))).as("name"))
          .agg(count(lit(1)).as("orders"), avg("amount").cast("double").as("mean"))
          .withColumn("month", lit(1));
    }
  }
}
