package dev.sluice.jobs.flights;

import static dev.sluice.testkit.SluiceAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

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
