package dev.sluice.testkit;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Receipt;
import dev.sluice.model.Receipt.Status;
import dev.sluice.model.ResourceUsage;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;

/** What a receipt says of memory and work, and what a run says that has not had enough of it. */
@SluiceTest
class ResourcesTest {
  private static final int ROWS = 100;

  @Test
  void aRunsReceiptSaysWhatItHasUsed(JobHarness job) throws Exception {
    Given.orders(job, ROWS, i -> i + "," + i + ",eu");

    Receipt receipt = job.run(Sample.job()).receipt();

    assertThat(receipt.error()).isEmpty();
    ResourceUsage used = receipt.resources().orElseThrow();
    assertThat(used.tasks().done()).isPositive();
    assertThat(used.tasks().failed()).isZero();
    assertThat(used.tasks().inputBytes()).as("the file is read").isPositive();
    assertThat(used.stages()).isNotEmpty().allMatch(stage -> stage.tasks().done() > 0);
    assertThat(used.driver().heapPeakBytes()).isPositive();
    assertThat(used.executors()).as("its tasks worked in this process").isEmpty();
    String kept = Files.readString(Path.of(URI.create(receipt.receiptUri().orElseThrow())));
    assertThat(Receipt.parse(kept).orElseThrow().resources()).contains(used);
    assertThat(Files.readString(job.folder().resolve("receipt.json")))
        .contains("COMMITTED")
        .doesNotContain("resources");
  }

  @Test
  void aRunWhoseWorkIsDoneHasUsedNothing(JobHarness job) {
    Given.orders(job, ROWS, i -> i + "," + i + ",eu");
    job.interval("2013-01-01/2013-02-01").run(new Monthly(Sample.ORDERS));

    Receipt second = job.run(new Monthly(Sample.ORDERS)).receipt();

    assertThat(second.status()).isEqualTo(Status.ALREADY_COMMITTED);
    assertThat(second.resources()).isEmpty();
  }

  @Test
  void aTaskThatRunsOutOfMemoryIsNamedByItsStage(JobHarness job) {
    Given.orders(job, ROWS, i -> i + "," + i + ",eu");
    UDF1<Double, Double> eats =
        amount -> {
          throw new OutOfMemoryError("Java heap space");
        };

    Receipt receipt =
        job.run(
                Sample.doing(
                    rows ->
                        rows.withColumn(
                            "amount", udf(eats, DataTypes.DoubleType).apply(col("amount")))))
            .receipt();

    assertThat(receipt.exitCode()).contains(137);
    assertThat(receipt.error().orElseThrow().message())
        .matches(
            "Cannot transform load-orders: out of memory \\((\\d+ MiB memory limit, )?\\d+ MiB heap,"
                + "( \\d+ MiB for all else,)? used at most \\d+ MiB of heap( and \\d+ MiB in all)?,"
                + " in stage \\d+ \\(append at RouteCatalog\\.java:\\d+\\)\\)\\. Give the job more memory in its"
                + " resources, such as \\d+Mi");
    assertThat(receipt.resources().orElseThrow().tasks().failed()).isPositive();
  }
}
