package dev.sluice.jobs.flights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Receipt.Rows;
import dev.sluice.testkit.JobHarness;
import dev.sluice.testkit.JobResult;
import dev.sluice.testkit.SluiceTest;
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

    assertThat(result.receipt().error()).isEmpty();
    assertThat(result.receipt().rows()).contains(new Rows(3, 3, 0, 0));
    assertThat(result.rows())
        .filteredOn(row -> row.getAs("origin").equals("EWR"))
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.<Long>getAs("departures")).isEqualTo(2);
              assertThat(row.<Long>getAs("late_departures")).isEqualTo(1);
              assertThat(row.<Double>getAs("mean_dep_delay")).isEqualTo(8.0);
              assertThat(row.<Integer>getAs("worst_dep_delay")).isEqualTo(20);
            });
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

    assertThat(result.rows()).hasSize(6);
  }
}
