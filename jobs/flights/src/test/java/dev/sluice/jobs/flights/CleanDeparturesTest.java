package dev.sluice.jobs.flights;

import static dev.sluice.testkit.SluiceAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.JobHarness;
import dev.sluice.testkit.JobResult;
import dev.sluice.testkit.SluiceTest;
import dev.sluice.testkit.SuiteResult;
import dev.sluice.testkit.SuiteRun;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@SluiceTest
class CleanDeparturesTest {
  private static final int FLIGHTS = 20_000;

  @Test
  void cancelledFlightsGoToQuarantine(JobHarness job) {
    given(job, 500);

    JobResult result = job.run(new CleanDepartures());

    assertThat(result)
        .committed()
        .read(FLIGHTS + 500)
        .published(FLIGHTS)
        .quarantined(500)
        .because("departure-is-known", "arrival-is-known");
    assertThat(result.rows())
        .allSatisfy(
            row -> {
              assertThat(row.<String>getAs("airline")).isEqualTo("United");
              assertThat(row.<Integer>getAs("plane_year")).isEqualTo(1999);
              assertThat(row.<Double>getAs("temp")).isEqualTo(39.0);
            });
  }

  @Test
  void tooManyCancelledFlightsRefuseTheRun(JobHarness job) {
    given(job, 5_000);

    JobResult result = job.run(new CleanDepartures());

    assertThat(result)
        .refused()
        .because(
            "Cannot publish flights.departures: departure-is-known fails in 5000 rows (20.00 %),"
                + " the limit is 10.00 %. Nothing was published; look at"
                + " flights.departures_quarantine and the receipt, then correct the input or the"
                + " suite")
        .exitCode(3)
        .publishedNothing()
        .quarantined(5_000);
  }

  @Test
  void theSuiteAsksForDelaysThatCanBe() {
    SuiteResult result =
        SuiteRun.of("departures")
            .given(
                Flights.DEPARTURES,
                "time_hour,carrier,flight,origin,airline,dep_delay,distance",
                "2013-01-01T10:00:00Z,UA,1,EWR,United,-61,1400",
                "2013-01-01T10:00:00Z,UA,2,EWR,United,1501,1400",
                "2013-01-01T10:00:00Z,UA,3,EWR,United,1500,1400")
            .run();

    assertThat(result).fails("column_values_to_be_between.dep_delay").in(2);
    assertThat(result).holds("departure-is-known").holds("column_max_to_be_between.distance");
  }

  private static void given(JobHarness job, int cancelled) {
    job.given(
            Flights.FLIGHTS,
            "flight_date,year,month,time_hour,carrier,flight,tailnum,origin,dest,distance,"
                + "dep_delay,arr_delay",
            IntStream.range(0, FLIGHTS + cancelled)
                .mapToObj(CleanDeparturesTest::flight)
                .toArray(String[]::new))
        .given(
            Flights.WEATHER,
            "observed_on,origin,time_hour,temp,wind_speed,visib",
            "2013-01-01,EWR,2013-01-01T10:00:00Z,39.0,10.4,10")
        .file("airlines.csv", "carrier,name", "UA,United")
        .file("planes.csv", "tailnum,year,seats", "N14228,1999,149")
        .set("raw", job.folder().toString())
        .interval("2013-01-01/2013-02-01");
  }

  private static String flight(int number) {
    String delays = number < FLIGHTS ? "2,11" : ",";
    return "2013-01-01,2013,1,2013-01-01T10:00:00Z,UA," + number + ",N14228,EWR,IAH,1400," + delays;
  }
}
