package dev.sluice.testkit;

import static dev.sluice.testkit.SluiceAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.Interval;
import dev.sluice.model.Receipt;
import dev.sluice.model.Receipt.Part;
import dev.sluice.model.Receipt.Rows;
import dev.sluice.model.Receipt.Status;
import dev.sluice.model.SluiceException;
import dev.sluice.runtime.engine.Each;
import dev.sluice.runtime.engine.Progress;
import dev.sluice.runtime.engine.RangeRun;
import dev.sluice.runtime.engine.RunRequest;
import dev.sluice.runtime.engine.Runs;
import dev.sluice.runtime.engine.Stop;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

/**
 * Many parts of an interval in one process: each a run of its own, and a retry does what is left.
 */
@SluiceTest
class RangeRunTest {
  private static final Interval FIRST = Interval.parse("2024-02-28/2024-02-29");
  private static final Interval SECOND = Interval.parse("2024-02-29/2024-03-01");
  private static final Interval THIRD = Interval.parse("2024-03-01/2024-03-02");

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  private static JobHarness threeDays(JobHarness job, int secondAmount) {
    return job.file(
            "sales.csv",
            "id,amount,day",
            "1,10,2024-02-28",
            "2,20,2024-02-28",
            "3," + secondAmount + ",2024-02-29",
            "4,40,2024-03-01")
        .set("inbox", job.folder().toString())
        .interval("2024-02-28/2024-03-02");
  }

  private Receipt run(JobHarness job, Sales sales, Stop stop) {
    return run(job.request(sales), sales, stop);
  }

  private Receipt run(RunRequest request, Sales sales, Stop stop) {
    PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
    return new RangeRun(
            request,
            Each.DAY,
            sales,
            () -> new Progress(out, Progress.Style.LINES, "load-sales"),
            stop)
        .run();
  }

  private static JobResult result(JobHarness job, Receipt receipt) {
    return new JobResult(job, new Sales().spec(), receipt);
  }

  private static Receipt kept(String uri) {
    try {
      return Receipt.parse(Files.readString(Path.of(URI.create(uri)))).orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aPartThatIsRefusedLeavesTheOthersPublishedAndARetryDoesItAlone(JobHarness job) {
    Receipt first = run(threeDays(job, -30), new Sales(), new Stop());

    assertThat(first.status()).isEqualTo(Status.REFUSED);
    assertThat(first.exitCode()).contains(3);
    assertThat(first.range().orElseThrow().runs())
        .extracting(Part::interval, part -> part.status().orElseThrow())
        .containsExactly(
            tuple(FIRST, Status.COMMITTED),
            tuple(SECOND, Status.REFUSED),
            tuple(THIRD, Status.COMMITTED));
    assertThat(first.rows()).contains(new Rows(8, 3, 0, 5));
    assertThat(first.error().orElseThrow().message())
        .startsWith(
            "Cannot finish load-sales for each day of 2024-02-28/2024-03-02: 2 of 3 parts are"
                + " committed (failed: 1, not run: 0). Settle what it says of"
                + " 2024-02-29/2024-03-01 and run it again, which does what is left. Cannot publish"
                + " shop.sales: ");
    assertThat(result(job, first))
        .published("id,amount,day", "1,10,2024-02-28", "2,20,2024-02-28", "4,40,2024-03-01");

    Receipt second = run(threeDays(job, 30), new Sales(), new Stop());

    assertThat(second.status()).isEqualTo(Status.COMMITTED);
    assertThat(second.exitCode()).contains(0);
    Receipt.Range range = second.range().orElseThrow();
    assertThat(List.of(range.parts(), range.committed(), range.alreadyCommitted()))
        .containsExactly(3, 1, 2);
    assertThat(second.rows()).contains(new Rows(12, 4, 0, 8));
    assertThat(result(job, second))
        .published(
            "id,amount,day",
            "1,10,2024-02-28",
            "2,20,2024-02-28",
            "3,30,2024-02-29",
            "4,40,2024-03-01");
  }

  @Test
  void eachPartIsWhatARunOfItsOwnWouldBe(JobHarness job) {
    JobResult alone = threeDays(job, 30).interval("2024-02-28/2024-02-29").run(new Sales());

    Receipt range = run(threeDays(job, 30), new Sales(), new Stop());

    List<Part> parts = range.range().orElseThrow().runs();
    assertThat(parts.get(0).status()).contains(Status.ALREADY_COMMITTED);
    Receipt second = kept(parts.get(1).receiptUri().orElseThrow());
    assertThat(second.range()).isEmpty();
    assertThat(second.runKey())
        .isEqualTo("load-sales/shop.sales/2024-02-29T00:00:00Z/2024-03-01T00:00:00Z");
    assertThat(second.rows()).contains(new Rows(4, 1, 0, 3));
    assertThat(second.rows()).isEqualTo(parts.get(1).rows());
    assertThat(second.quality()).isPresent();
    assertThat(alone.receipt().rows()).isEqualTo(parts.get(0).rows());
    JobResult after = job.interval("2024-03-01/2024-03-02").run(new Sales());
    assertThat(after).alreadyCommitted();
    assertThat(Runs.verify(job.request(new Sales()), new Sales())).isEmpty();
  }

  @Test
  void theRangeHasAReceiptOfItsOwnInTheLakeAndWhereItIsAskedFor(JobHarness job) {
    RunRequest request = threeDays(job, 30).request(new Sales());
    Path copy = job.folder().resolve("copy.json");

    Receipt range = run(withReceipt(request, copy), new Sales(), new Stop());

    assertThat(range.receiptUri().orElseThrow())
        .matches("file:.*/lake/_sluice/ranges/load-sales/\\w+Z-\\w+\\.json");
    assertThat(kept(range.receiptUri().orElseThrow())).isEqualTo(range);
    assertThat(kept(copy.toUri().toString())).isEqualTo(range);
    assertThat(range.runKey())
        .isEqualTo("load-sales/shop.sales/2024-02-28T00:00:00Z/2024-03-02T00:00:00Z/day");
    assertThat(range.target().orElseThrow().files()).contains(3L);
    assertThat(range.inputs().orElseThrow()).extracting(Receipt.Input::name).contains("sales");
    assertThat(range.lineage()).isPresent();
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains("load-sales: part 2 of 3: 2024-02-29/2024-03-01\n")
        .contains("load-sales: part 2 of 3: 2024-02-29/2024-03-01 COMMITTED, 1 rows written\n");
  }

  private static RunRequest withReceipt(RunRequest request, Path copy) {
    return new RunRequest(
        request.job(),
        request.interval(),
        request.sets(),
        request.file(),
        request.profile(),
        Optional.of(copy.toString()),
        request.inputs(),
        request.environment());
  }

  @Test
  void allPartsHaveOneSparkAndNothingOfEachOther(JobHarness job) {
    Set<String> applications = new HashSet<>();
    Map<Interval, List<String>> found = new LinkedHashMap<>();
    Sales untidy =
        new Sales(
            (spark, interval) -> {
              applications.add(spark.sparkContext().applicationId());
              if (found.putIfAbsent(interval, left(spark)) == null) {
                spark.conf().set("spark.sql.shuffle.partitions", "77");
                spark.conf().set("spark.sql.left.by", interval.brief());
                spark.conf().unset("spark.sql.parquet.compression.codec");
                spark.range(3).cache().createOrReplaceTempView("left_over");
              }
            });

    Receipt receipt = run(threeDays(job, 30), untidy, new Stop());

    assertThat(receipt.status()).isEqualTo(Status.COMMITTED);
    assertThat(applications).hasSize(1);
    assertThat(found.keySet()).containsExactly(FIRST, SECOND, THIRD);
    assertThat(found.values()).containsOnly(List.of("2", "none", "zstd", "false", "false"));
  }

  private static List<String> left(SparkSession spark) {
    return List.of(
        spark.conf().get("spark.sql.shuffle.partitions"),
        spark.conf().get("spark.sql.left.by", "none"),
        spark.conf().get("spark.sql.parquet.compression.codec"),
        Boolean.toString(spark.catalog().tableExists("left_over")),
        Boolean.toString(
            !spark.range(3).storageLevel().equals(spark.emptyDataFrame().storageLevel())));
  }

  @Test
  void whereAllIsCommittedNoSparkIsStarted(JobHarness job) {
    run(threeDays(job, 30), new Sales(), new Stop());
    List<Interval> planned = new ArrayList<>();

    Receipt again =
        run(threeDays(job, 30), new Sales((spark, part) -> planned.add(part)), new Stop());

    assertThat(again.status()).isEqualTo(Status.ALREADY_COMMITTED);
    assertThat(again.exitCode()).contains(0);
    assertThat(again.rows()).contains(new Rows(12, 4, 0, 8));
    assertThat(planned).isEmpty();
  }

  @Test
  void aSessionThatBreaksDownCostsOnePartAndEndsItsEventLog(JobHarness job) throws Exception {
    Set<String> applications = new HashSet<>();
    Sales breaks =
        new Sales(
            (spark, part) -> {
              applications.add(spark.sparkContext().applicationId());
              if (part.equals(FIRST)) {
                spark.stop();
              }
            });

    threeDays(job, 30).set("spark.event-log", "lake");
    Receipt receipt = run(job, breaks, new Stop());

    Receipt.Range range = receipt.range().orElseThrow();
    assertThat(List.of(range.committed(), range.failed())).containsExactly(2, 1);
    assertThat(applications).hasSize(2);
    try (Stream<Path> events = Files.walk(job.folder().resolve("lake/_sluice/events"))) {
      assertThat(events.map(file -> file.getFileName().toString()))
          .filteredOn(name -> name.startsWith("appstatus_"))
          .hasSize(2)
          .noneMatch(name -> name.endsWith(".inprogress"));
    }
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("event-log")) {
        thread.join(10_000);
        assertThat(thread.isAlive()).as("it copies on, though its session has gone").isFalse();
      }
    }
  }

  @Test
  void oneThatIsAskedToStopEndsItsPartAndTheNextRunDoesTheRest(JobHarness job) {
    Stop stop = new Stop();
    Sales asks =
        new Sales(
            (spark, part) -> {
              if (part.equals(SECOND)) {
                stop.ask();
              }
            });

    Receipt stopped = run(threeDays(job, 30), asks, stop);

    assertThat(stopped.status()).isEqualTo(Status.CANCELLED);
    assertThat(stopped.exitCode()).contains(143);
    assertThat(stopped.error().orElseThrow().message())
        .isEqualTo(
            "Cannot go on with load-sales for each day of 2024-02-28/2024-03-02: it was asked to"
                + " stop, and 1 of 3 parts are committed (failed: 0, not run: 2). Run it again: it"
                + " does what is left");
    List<Part> parts = stopped.range().orElseThrow().runs();
    assertThat(parts.get(1).status()).contains(Status.CANCELLED);
    assertThat(parts.get(2)).isEqualTo(Part.notRun(THIRD));
    assertThat(result(job, stopped))
        .published("id,amount,day", "1,10,2024-02-28", "2,20,2024-02-28");

    Receipt.Range after = run(threeDays(job, 30), new Sales(), new Stop()).range().orElseThrow();
    assertThat(List.of(after.committed(), after.alreadyCommitted())).containsExactly(2, 1);
  }

  @Test
  void whatWouldAilTheOthersTooKeepsThemFromRunning(JobHarness job) {
    Sales unreachable =
        new Sales(
            (spark, part) -> {
              if (part.equals(SECOND)) {
                throw new SluiceException(
                    ErrorKind.INFRA, "Cannot reach catalog c: no route. Run again");
              }
            });

    Receipt receipt = run(threeDays(job, 30), unreachable, new Stop());

    assertThat(receipt.exitCode()).contains(75);
    assertThat(receipt.error().orElseThrow().retryable()).isTrue();
    assertThat(receipt.error().orElseThrow().message())
        .endsWith("which does what is left. Cannot reach catalog c: no route. Run again");
    Receipt.Range range = receipt.range().orElseThrow();
    assertThat(List.of(range.committed(), range.failed(), range.notRun())).containsExactly(1, 1, 1);
  }

  @Test
  void theTerminationMessageIsTheRangesFromItsBeginningToItsEnd(JobHarness job) {
    Path message = job.folder().resolve("receipt.json");
    List<Receipt> messages = new ArrayList<>();
    Sales reads =
        new Sales(
            (spark, part) -> {
              if (part.equals(SECOND)) {
                messages.add(kept(message.toUri().toString()));
              }
            });

    Receipt done = run(threeDays(job, 30), reads, new Stop());

    Receipt planned = messages.get(0);
    assertThat(planned.status()).isEqualTo(Status.RUNNING);
    assertThat(planned.phase()).isEqualTo("plan");
    assertThat(planned.runId()).isEqualTo(done.runId());
    assertThat(planned.range().orElseThrow().committed()).isEqualTo(1);
    assertThat(planned.range().orElseThrow().running()).contains(SECOND);
    assertThat(planned.rows()).contains(new Rows(4, 2, 0, 2));
    Receipt last = kept(message.toUri().toString());
    assertThat(last.status()).isEqualTo(Status.COMMITTED);
    assertThat(last.range().orElseThrow().committed()).isEqualTo(3);
    assertThat(last.range().orElseThrow().running()).isEmpty();
  }

  @Test
  void settingsThatAreMissingEndItBeforeAnyPart(JobHarness job) {
    Receipt receipt = run(job.interval("2024-02-28/2024-03-02"), new Sales(), new Stop());

    assertThat(receipt.exitCode()).contains(2);
    assertThat(receipt.error().orElseThrow().message()).contains("inbox");
    assertThat(receipt.range().orElseThrow().notRun()).isEqualTo(3);
  }

  @Test
  void anIntervalThatCannotBeSplitIsRefused(JobHarness job) {
    Receipt receipt = run(job.interval("2024-02-28T05:00:00Z/2024-03-02"), new Sales(), new Stop());

    assertThat(receipt.exitCode()).contains(2);
    assertThat(receipt.error().orElseThrow().message())
        .isEqualTo(
            "Cannot split 2024-02-28T05:00:00Z/2024-03-02 for each day: its start lies within one, in"
                + " UTC. Let it start at 2024-02-28 or 2024-02-29");
  }

  @Test
  void whatHasNoIntervalHasNoParts(JobHarness job) {
    Sample sample = Sample.job();
    Receipt noInterval =
        new RangeRun(
                job.request(sample),
                Each.DAY,
                sample,
                () -> Progress.onStandardError(Progress.Style.LINES, "load-orders"),
                new Stop())
            .run();
    Receipt noneGiven = run(job, new Sales(), new Stop());

    assertThat(noInterval.error().orElseThrow().message())
        .isEqualTo(
            "Cannot run load-orders for each day: the job has no interval. Leave out --each, or"
                + " declare the job perInterval()");
    assertThat(noneGiven.error().orElseThrow().message())
        .isEqualTo(
            "Cannot run load-sales for each day: no interval is given. Add --interval START/END");
    assertThat(noneGiven.exitCode()).contains(2);
  }

  @Test
  void theReceiptOfARangeIsNoPinOfInputs(JobHarness job) {
    Receipt range = run(threeDays(job, 30), new Sales(), new Stop());
    job.interval("2024-03-02/2024-03-03").inputsOf(result(job, range));

    Receipt refused = job.run(new Sales()).receipt();

    assertThat(refused.exitCode()).contains(2);
    assertThat(refused.error().orElseThrow().message())
        .isEqualTo(
            "Cannot run load-sales on the inputs of receipt "
                + range.receiptUri().orElseThrow()
                + ": it is one of a range, and each part has read its own. Name the receipt of a"
                + " part");
  }

  @Test
  void theInputsOfOneRunAreNotThoseOfMany(JobHarness job) {
    JobResult alone = threeDays(job, 30).interval("2024-02-28/2024-02-29").run(new Sales());
    job.inputsOf(alone);

    Receipt refused = run(threeDays(job, 30), new Sales(), new Stop());

    assertThat(refused.error().orElseThrow().message())
        .isEqualTo(
            "Cannot run load-sales for each day on the inputs of a receipt: one run has read these."
                + " Leave out --inputs, or --each");
  }
}
