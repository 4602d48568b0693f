package dev.sluice.runtime.join;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.JobSpec;
import dev.sluice.model.Lineage;
import dev.sluice.model.Receipt;
import dev.sluice.model.Table;
import dev.sluice.model.Write;
import dev.sluice.runtime.Run;
import dev.sluice.runtime.Transform;
import dev.sluice.runtime.engine.Plan;
import dev.sluice.runtime.engine.Planner;
import dev.sluice.runtime.engine.RunRequest;
import dev.sluice.testkit.JobHarness;
import dev.sluice.testkit.JobResult;
import dev.sluice.testkit.SluiceTest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** A join in a job: what it looks at is not counted, and what it decides is told. */
@SluiceTest
class JoinInRunTest {
  private static final Table TRIPS =
      Table.parquet("shop.trips") // a file for each zone, and so tasks that read it
          .column("trip", "int")
          .column("zone", "int")
          .partitionedBy("zone");
  private static final Table ZONES =
      Table.iceberg("shop.zones").column("zone", "int").column("name", "string");
  private static final Table NAMED =
      Table.iceberg("shop.named")
          .column("zone", "int")
          .column("trip", "int")
          .column("name", "string");

  /** Every key is hot, and every side is looked at. */
  private static final Limits SPREADS = new Limits(1_000, 2, -1, -1, 0, Long.MAX_VALUE, 5);

  /** Every key is hot, and its rows may be read twice. */
  private static final Limits SPLITS = new Limits(2, 2, -1, Long.MAX_VALUE, 0, Long.MAX_VALUE, 5);

  static final class NameTrips extends Transform<NameTrips.In> {
    public record In(Dataset<Row> trips, Dataset<Row> zones) {}

    private final Limits limits;

    NameTrips(Limits limits) {
      this.limits = limits;
    }

    @Override
    public JobSpec spec() {
      return JobSpec.transform("name-trips")
          .read("trips", TRIPS.latest())
          .read("zones", ZONES.latest())
          .write(NAMED, Write.replaceTable())
          .build();
    }

    @Override
    protected Dataset<Row> transform(In in, Run run) {
      Dataset<Row> some = run.filter(in.trips(), col("trip").mod(10).notEqual(3));
      Dataset<Row> joined = Join.left(some, in.zones()).within(limits).on("zone");
      // With other executors than those of the look, the same files are cut into other partitions.
      joined.sparkSession().conf().set("spark.sql.files.minPartitionNum", "1");
      return joined;
    }
  }

  @Test
  void whatALookHasReadIsNotCounted(JobHarness job) {
    JobResult result = given(job).run(new NameTrips(SPREADS));

    Receipt receipt = result.receipt();
    assertThat(receipt.error()).isEmpty();
    assertThat(receipt.rows()).contains(new Receipt.Rows(200, 180, 0, 20));
    assertThat(result.rows()).hasSize(180);
    Receipt.Join told = receipt.joins().orElseThrow().get(0);
    assertThat(told.on()).containsExactly("zone");
    assertThat(told.kind()).isEqualTo("left");
    assertThat(told.strategy()).isEqualTo("salted");
    assertThat(told.reason()).contains("of the left side: its rows are spread over 2000 parts");
    assertThat(told.hotKeys()).contains(5);
    assertThat(told.largestShare()).hasValueSatisfying(x -> assertThat(x).isBetween(0.2, 0.4));
    assertThat(receipt.lineage().orElseThrow().columns().orElseThrow().keySet())
        .containsExactlyInAnyOrder("zone", "trip", "name");
  }

  @Test
  void whatIsReadTwiceIsCountedOnce(JobHarness job) {
    JobResult result = given(job).run(new NameTrips(SPLITS));

    Receipt receipt = result.receipt();
    assertThat(receipt.error()).isEmpty();
    assertThat(receipt.joins().orElseThrow().get(0).strategy()).isEqualTo("split");
    assertThat(receipt.rows()).contains(new Receipt.Rows(200, 180, 0, 20));
    assertThat(result.rows()).hasSize(180);
    Lineage lineage = receipt.lineage().orElseThrow();
    assertThat(lineage.columns().orElseThrow().keySet())
        .containsExactlyInAnyOrder("zone", "trip", "name");
    assertThat(lineage.rows().orElseThrow())
        .as("of what there is twice only the job's own part counts")
        .extracting(origin -> origin.input() + "." + origin.column() + " " + origin.how())
        .containsExactlyInAnyOrder("trips.trip [FILTER]", "trips.zone [JOIN]", "zones.zone [JOIN]");
    assertThat(lineage.notes()).isEmpty();
  }

  private static JobHarness given(JobHarness job) {
    job.given(
        TRIPS,
        "trip,zone",
        IntStream.range(0, 200).mapToObj(i -> i + "," + i % 7 % 5).toArray(String[]::new));
    job.given(ZONES, "zone,name", "0,north", "1,south", "2,east");
    return job;
  }

  @Test
  void thePlanSaysWhatOnlyARunCanTell(JobHarness job) {
    Map<String, String> lake =
        Map.of("lake.warehouse", job.folder().resolve("lake").toUri().toString());
    RunRequest request =
        new RunRequest(
            "name-trips",
            Optional.empty(),
            lake,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of());

    Plan plan = Planner.plan(request, new NameTrips(SPREADS));

    String line =
        "left join on zone: decided when it runs, by the sizes of both sides and by their keys";
    assertThat(plan.joins()).isEqualTo(List.of(line));
    assertThat(plan.text()).contains("joins:\n  " + line + "\n");
  }
}
