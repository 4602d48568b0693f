package dev.sluice.testkit.contract;

import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Interval;
import dev.sluice.model.Receipt;
import dev.sluice.model.Receipt.Status;
import dev.sluice.model.SluiceException;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.engine.RunRequest;
import dev.sluice.runtime.engine.Runs;
import dev.sluice.runtime.lake.Lake;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/**
 * Six writers append to one table, ten runs each, and fail at random; a reader looks on. What the
 * receipts say, the ledger, the snapshots and the rows are to be one and the same in the end.
 */
@Tag("long")
class ManyWritersTest {
  private static final int WRITERS = 6;
  private static final long SEED = Long.getLong("faults.seed", new Random().nextInt(1_000_000));

  private static final Commits OF_ICEBERG =
      spark -> spark.table("lake.shop.orders.history").where("is_current_ancestor");

  /** The commits that have put rows into the table, a row each. */
  private interface Commits {
    Dataset<Row> of(SparkSession spark);
  }

  @TempDir Path folder;
  private Optional<TestCatalog> catalog = Optional.empty();

  @Test
  @EnabledIfEnvironmentVariable(named = TestCatalog.GLUE_ENDPOINT, matches = ".+")
  void appendToAnIcebergTableInGlue() throws Exception {
    writeAndLook(new IcebergFaultTest.Appends(), Optional.of(TestCatalog.GLUE), OF_ICEBERG);
  }

  @Test
  @EnabledIfEnvironmentVariable(named = TestCatalog.REST_URI, matches = ".+")
  void appendToAnIcebergTableInARestCatalog() throws Exception {
    writeAndLook(new IcebergFaultTest.Appends(), Optional.of(TestCatalog.REST), OF_ICEBERG);
  }

  @Test
  void appendToADeltaTable() throws Exception {
    writeAndLook(
        new DeltaFaultTest.Appends(),
        Optional.empty(),
        spark ->
            spark
                .sql("DESCRIBE HISTORY delta.`" + warehouse() + "/shop/orders`")
                .where("operation = 'WRITE'"));
  }

  private String warehouse() {
    return folder.resolve("lake").toUri().toString();
  }

  private Map<String, String> settings() {
    Map<String, String> all = new LinkedHashMap<>(Writer.settings(folder, catalog));
    all.put("inbox", folder.toString());
    return all;
  }

  private void writeAndLook(Job job, Optional<TestCatalog> keeper, Commits commits)
      throws Exception {
    catalog = keeper;
    for (TestCatalog server : keeper.stream().toList()) {
      server.forget();
    }
    System.out.printf("many writers, %s: faults.seed=%d%n", job.getClass().getName(), SEED);
    List<Writer> writers =
        IntStream.range(0, WRITERS)
            .mapToObj(n -> new Writer(folder, job, catalog, n, SEED))
            .toList();
    Set<Integer> looks = new TreeSet<>();
    boolean busy = true;
    while (busy) {
      busy = false;
      for (Writer writer : writers) {
        busy |= writer.goesOn();
      }
      looks.add(runsThatAreThere(job));
      TimeUnit.SECONDS.sleep(3); // a look takes a second of what the writers need
    }

    int all = WRITERS * Writer.RUNS;
    assertThat(looks).as("what the reader has seen").contains(all).hasSizeGreaterThan(3);
    assertThat(counted(commits)).as("snapshots").isEqualTo(all);
    assertThat(Runs.verify(request(job), job)).isEmpty();
    Set<String> told = new HashSet<>();
    for (Receipt receipt : Runs.receipts(request(job), job)) {
      if (receipt.status() == Status.COMMITTED || receipt.status() == Status.ALREADY_COMMITTED) {
        told.add(receipt.runKey());
      }
    }
    assertThat(told).as("runs that receipts call published").hasSize(all);
    assertThat(writers.stream().mapToInt(Writer::kills).sum()).as("killed runs").isPositive();
  }

  /** How many runs' rows there are; none may be there in part, or twice. */
  private int runsThatAreThere(Job job) {
    try (Lake lake = Lake.open(settings())) {
      List<Row> runs =
          lake.pin(job.spec().table().orElseThrow())
              .rows()
              .groupBy(expr("id div 10"))
              .count()
              .collectAsList();
      runs.forEach(run -> assertThat(run.getLong(1)).as(run.toString()).isEqualTo(Writer.ROWS));
      return runs.size();
    } catch (SluiceException notYet) {
      assertThat(notYet).hasMessageContaining("the catalog does not have it");
      return 0;
    }
  }

  private long counted(Commits commits) {
    try (Lake lake = Lake.open(settings())) {
      return commits.of(lake.spark()).count();
    }
  }

  private RunRequest request(Job job) {
    return new RunRequest(
        job.spec().name(),
        Optional.of(Interval.parse(Writer.interval(0, 0))),
        settings(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Map.of());
  }
}
