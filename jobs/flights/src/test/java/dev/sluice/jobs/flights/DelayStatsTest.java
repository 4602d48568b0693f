package dev.sluice.jobs.flights;

import static dev.sluice.testkit.SluiceAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Lineage;
import dev.sluice.model.Lineage.How;
import dev.sluice.model.Lineage.Origin;
import dev.sluice.testkit.JobHarness;
import dev.sluice.testkit.JobResult;
import dev.sluice.testkit.SluiceTest;
import java.util.List;
import org.junit.jupiter.api.Test;

@SluiceTest
class DelayStatsTest {

  @Test
  void delaysAreSummedUpByDayAirportAndAirline(JobHarness job) {
    job.given(
        Flights.DEPARTURES,
        "flight_date,year,month,carrier,airline,origin,dep_delay",
        "2013-01-01,2013,1,UA,United,EWR,20",
        "2013-01-01,2013,1,UA,United,EWR,-4",
        "2013-01-01,2013,1,AA,American,JFK,0",
        "2013-01-01,2013,1,B6,JetBlue,LGA,15",
        "2013-02-01,2013,2,UA,United,EWR,500");

    JobResult result = job.interval("2013-01-01/2013-02-01").run(new DelayStats());

    assertThat(result)
        .committed()
        .read(3)
        .published(
            "origin,carrier,departures,late_departures,mean_dep_delay,worst_dep_delay",
            "EWR,UA,2,1,8.0,20",
            "JFK,AA,1,0,0.0,0",
            "LGA,B6,1,1,15.0,15");
  }

  @Test
  void theReceiptSaysWhichColumnsAreMadeOfWhich(JobHarness job) {
    job.given(
        Flights.DEPARTURES,
        "flight_date,year,month,carrier,airline,origin,dep_delay",
        "2013-01-01,2013,1,UA,United,EWR,20",
        "2013-01-01,2013,1,AA,American,JFK,0",
        "2013-01-01,2013,1,B6,JetBlue,LGA,15");

    JobResult result = job.interval("2013-01-01/2013-02-01").run(new DelayStats());

    Lineage lineage = result.receipt().lineage().orElseThrow();
    assertThat(lineage.columns().orElseThrow())
        .containsEntry(
            "worst_dep_delay",
            List.of(new Origin("departures", "dep_delay", List.of(How.AGGREGATION))))
        .containsEntry(
            "carrier", List.of(new Origin("departures", "carrier", List.of(How.IDENTITY))));
    assertThat(lineage.columns().orElseThrow().keySet())
        .containsExactlyInAnyOrderElementsOf(
            lineage.output().columns().stream().map(Lineage.Field::name).toList());
    assertThat(lineage.rows().orElseThrow())
        .contains(new Origin("departures", "carrier", List.of(How.GROUP_BY)));
    assertThat(lineage.inputs().get(0).table()).contains("flights.departures");
    assertThat(lineage.catalog().type()).isEqualTo("embedded");
    assertThat(lineage.notes()).isEmpty();
  }

  @Test
  void anotherMonthLeavesTheFirstAlone(JobHarness job) {
    job.given(
        Flights.DEPARTURES,
        "flight_date,year,month,carrier,airline,origin,dep_delay",
        "2013-01-01,2013,1,UA,United,EWR,20",
        "2013-01-01,2013,1,AA,American,JFK,0",
        "2013-01-01,2013,1,B6,JetBlue,LGA,15",
        "2013-02-01,2013,2,UA,United,EWR,1",
        "2013-02-01,2013,2,AA,American,JFK,2",
        "2013-02-01,2013,2,B6,JetBlue,LGA,3");
    job.interval("2013-01-01/2013-02-01").run(new DelayStats());

    JobResult result = job.interval("2013-02-01/2013-03-01").run(new DelayStats());

    assertThat(result).committed().published(3);
    assertThat(result.rows()).hasSize(6);
  }
}
