package dev.sluice.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Maintenance;
import dev.sluice.model.Receipt;
import dev.sluice.model.Table;
import dev.sluice.model.Write;
import dev.sluice.testkit.JobHarness;
import dev.sluice.testkit.SluiceTest;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.deploy.history.EventLogFileReader;
import org.apache.spark.scheduler.ReplayListenerBus;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerApplicationEnd;
import org.apache.spark.scheduler.SparkListenerApplicationStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import scala.jdk.javaapi.CollectionConverters;

/** The event log that a run leaves is what Spark's history server reads. */
@SluiceTest
class EventLogTest {
  private static final Table TABLE =
      Table.iceberg("shop.orders")
          .column("id", "int")
          .column("amount", "double")
          .column("region", "string");

  /** What Spark's own reader finds in a log. */
  private static final class Replayed extends SparkListener {
    private final List<String> started = new ArrayList<>();
    private int ended;
    private int tasks;

    @Override
    public void onApplicationStart(SparkListenerApplicationStart start) {
      started.add(start.appId().get());
    }

    @Override
    public void onApplicationEnd(SparkListenerApplicationEnd end) {
      ended++;
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      tasks++;
    }
  }

  @Test
  void sparksOwnReaderReadsIt(JobHarness job) throws Exception {
    Receipt receipt = run(job.set("spark.event-log", "lake"));

    Receipt.SparkFacts spark = receipt.spark().orElseThrow();
    assertThat(spark.applicationId()).isEqualTo(receipt.runId());
    assertThat(spark.eventLog().orElseThrow())
        .startsWith("file://" + job.folder() + "/lake/_sluice/events/eventlog_v2_");
    requireWhole(spark, new Configuration());
  }

  @Test
  @EnabledIfEnvironmentVariable(named = TestBucket.S3, matches = ".+")
  void inAnObjectStoreToo(JobHarness job) throws Exception {
    try (TestBucket bucket = TestBucket.on(TestBucket.S3)) {
      bucket.keep(job);
      Receipt receipt = run(job.set("spark.event-log", "lake"));

      Receipt.SparkFacts spark = receipt.spark().orElseThrow();
      assertThat(spark.eventLog().orElseThrow()).startsWith("s3://");
      Configuration hadoop = new Configuration();
      hadoop.set("fs.s3.impl", "org.apache.hadoop.fs.s3a.S3AFileSystem");
      hadoop.set("fs.s3a.endpoint", System.getenv(TestBucket.S3));
      hadoop.set("fs.s3a.endpoint.region", "us-east-1");
      hadoop.set("fs.s3a.path.style.access", "true");
      requireWhole(spark, hadoop);
    }
  }

  @Test
  void workThatIsDoneNeedsNoSparkAndLeavesNone(JobHarness job) throws Exception {
    run(job.set("spark.event-log", "lake"));
    long logs = logs(job);

    Receipt again = job.run(Orders.into(TABLE, Write.append())).receipt();

    assertThat(again.status()).isEqualTo(Receipt.Status.ALREADY_COMMITTED);
    assertThat(again.spark()).isEmpty();
    assertThat(logs(job)).isEqualTo(logs).isEqualTo(1);
  }

  @Test
  void aRunThatFailsLeavesItToo(JobHarness job) throws Exception {
    job.set("spark.event-log", "lake");
    Receipt receipt =
        result(
            job,
            Orders.making(
                TABLE,
                rows -> {
                  throw new IllegalStateException("a bug");
                }));

    assertThat(receipt.status()).isEqualTo(Receipt.Status.FAILED);
    Receipt.SparkFacts spark = receipt.spark().orElseThrow();
    assertThat(replayed(spark, new Configuration()).ended).isEqualTo(1);
  }

  @Test
  void maintenanceIsARunLikeOthers(JobHarness job) throws Exception {
    Table kept = TABLE.maintenance(Maintenance.compact());
    job.set("spark.event-log", "lake");
    assertThat(result(job, Orders.into(kept, Write.append())).error()).isEmpty();

    Receipt receipt = job.maintain(Orders.into(kept, Write.append()));

    assertThat(receipt.error()).isEmpty();
    requireWhole(receipt.spark().orElseThrow(), new Configuration());
  }

  @Test
  void elsewhereIsWhereTheSettingSays(JobHarness job) throws Exception {
    Receipt receipt = run(job.set("spark.event-log", job.folder().resolve("logs").toString()));

    assertThat(receipt.spark().orElseThrow().eventLog().orElseThrow())
        .startsWith("file://" + job.folder() + "/logs/eventlog_v2_");
    requireWhole(receipt.spark().orElseThrow(), new Configuration());
    assertThat(job.folder().resolve("lake/_sluice/events")).doesNotExist();
  }

  @Test
  void noneIsNone(JobHarness job) throws Exception {
    Receipt receipt = run(job.set("spark.event-log", "none"));

    assertThat(receipt.spark().orElseThrow().eventLog()).isEmpty();
  }

  /** Spark writes down how the process was started, and with which properties. */
  @Test
  void noSecretOfTheCommandLineIsInIt(JobHarness job) throws Exception {
    String command = System.getProperty("sun.java.command");
    System.setProperty("sun.java.command", "Main run load-orders --set pin=gravel-4711");
    System.setProperty("the.password", "gravel-4712");
    try {
      Receipt receipt = run(job.set("spark.event-log", "lake"));

      String text = text(receipt.spark().orElseThrow(), new Configuration());
      assertThat(text)
          .contains("sun.java.command", "the.password", "SparkListenerEnvironmentUpdate")
          .doesNotContain("gravel");
    } finally {
      System.setProperty("sun.java.command", command);
      System.clearProperty("the.password");
    }
  }

  private static Receipt run(JobHarness job) {
    Receipt receipt = result(job, Orders.into(TABLE, Write.append()));
    assertThat(receipt.error()).isEmpty();
    return receipt;
  }

  private static Receipt result(JobHarness job, Orders orders) {
    job.file("orders.csv", FormatContract.HEADER, "1,1.5,north", "2,2.5,south")
        .set("inbox", job.folder().toString())
        .interval("2024-01-01/2024-02-01");
    return job.run(orders).receipt();
  }

  private static void requireWhole(Receipt.SparkFacts spark, Configuration hadoop)
      throws Exception {
    assertThat(reader(spark, hadoop).completed()).isTrue();
    assertThat(reader(spark, hadoop).compressionCodec().get()).isEqualTo("zstd");
    Replayed replayed = replayed(spark, hadoop);
    assertThat(replayed.started).containsExactly(spark.applicationId());
    assertThat(replayed.ended).isEqualTo(1);
    assertThat(replayed.tasks).isPositive();
  }

  private static Replayed replayed(Receipt.SparkFacts spark, Configuration hadoop)
      throws Exception {
    ReplayListenerBus bus = new ReplayListenerBus();
    Replayed replayed = new Replayed();
    bus.addListener(replayed);
    FileSystem files = files(spark, hadoop);
    for (FileStatus part : parts(spark, hadoop)) {
      try (InputStream in = EventLogFileReader.openEventLog(part.getPath(), files)) {
        assertThat(
                bus.replay(
                    in, part.getPath().toString(), false, ReplayListenerBus.SELECT_ALL_FILTER()))
            .isTrue();
      }
    }
    return replayed;
  }

  private static String text(Receipt.SparkFacts spark, Configuration hadoop) throws Exception {
    StringBuilder text = new StringBuilder();
    for (FileStatus part : parts(spark, hadoop)) {
      try (InputStream in = EventLogFileReader.openEventLog(part.getPath(), files(spark, hadoop))) {
        text.append(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return text.toString();
  }

  private static List<FileStatus> parts(Receipt.SparkFacts spark, Configuration hadoop)
      throws Exception {
    return CollectionConverters.asJava(reader(spark, hadoop).listEventLogFiles());
  }

  private static EventLogFileReader reader(Receipt.SparkFacts spark, Configuration hadoop)
      throws Exception {
    Path log = new Path(spark.eventLog().orElseThrow());
    return EventLogFileReader.apply(files(spark, hadoop), log).get();
  }

  private static FileSystem files(Receipt.SparkFacts spark, Configuration hadoop) throws Exception {
    return FileSystem.get(URI.create(spark.eventLog().orElseThrow()), hadoop);
  }

  private static long logs(JobHarness job) throws Exception {
    try (Stream<java.nio.file.Path> logs =
        Files.list(job.folder().resolve("lake/_sluice/events"))) {
      return logs.count();
    }
  }
}
