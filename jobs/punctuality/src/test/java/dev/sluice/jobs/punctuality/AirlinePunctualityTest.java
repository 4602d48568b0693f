package dev.sluice.jobs.punctuality;

import static dev.sluice.testkit.SluiceAssertions.assertThat;

import dev.sluice.testkit.JobHarness;
import dev.sluice.testkit.JobResult;
import dev.sluice.testkit.SluiceTest;
import dev.sluice.testkit.SuiteRun;
import org.junit.jupiter.api.Test;

@SluiceTest
class AirlinePunctualityTest {
  private static final String[] DEPARTURES = {
    "2013-01-01,2013,1,UA,United,20",
    "2013-01-31,2013,1,UA,United,14",
    "2013-01-02,2013,1,UA,United,-4",
    "2013-01-03,2013,1,UA,United,0",
    "2013-01-03,2013,1,B6,JetBlue,15",
    "2013-02-01,2013,2,B6,JetBlue,0"
  };

  @Test
  void airlinesAreSummedUpByMonth(JobHarness job) {
    given(job);

    assertThat(january(job))
        .committed()
        .published(
            "year,month,carrier,airline,departures,on_time,on_time_share",
            "2013,1,UA,United,4,3,0.75",
            "2013,1,B6,JetBlue,1,0,0.0");
  }

  @Test
  void whatIsLateIsASetting(JobHarness job) {
    given(job);
    job.set("late-from", "16");

    assertThat(january(job)).committed().published("carrier,on_time", "UA,3", "B6,1");
  }

  @Test
  void moreThanAllCannotHaveBeenOnTime() {
    assertThat(
            SuiteRun.of("airlines")
                .given(
                    Punctuality.AIRLINES,
                    "year,month,carrier,departures,on_time,on_time_share",
                    "2013,1,UA,4,3,0.75",
                    "2013,1,B6,1,2,2.0")
                .run())
        .fails("share-is-a-share")
        .in(1);
  }

  private static void given(JobHarness job) {
    job.given(
        Punctuality.DEPARTURES, "flight_date,year,month,carrier,airline,dep_delay", DEPARTURES);
  }

  private static JobResult january(JobHarness job) {
    return job.interval("2013-01-01/2013-02-01").run(new AirlinePunctuality());
  }
}
