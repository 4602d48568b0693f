package dev.sluice.jobs.flights;

import static dev.sluice.testkit.SluiceAssertions.assertThat;

import dev.sluice.testkit.JobHarness;
import dev.sluice.testkit.JobResult;
import dev.sluice.testkit.SluiceTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

@SluiceTest
class ExtractWeatherTest {

  @Test
  void impossibleWindGoesToQuarantine(JobHarness job) {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "origin,year,month,day,hour,temp,dewp,humid,wind_dir,wind_speed,wind_gust,precip,"
                    + "pressure,visib,time_hour"));
    for (int hour = 0; hour < 24; hour++) {
      String wind = hour == 3 ? "1048.36" : "10.4";
      lines.add(
          String.format(
              "EWR,2013,2,12,%d,39.0,26.1,59.4,270,%s,NA,0,1012,10,2013-02-12T%02d:00:00Z",
              hour, wind, hour));
    }
    job.file("weather.csv", lines.toArray(String[]::new));

    JobResult result =
        job.set("raw", job.folder().toString())
            .interval("2013-02-01/2013-03-01")
            .run(new ExtractWeather());

    assertThat(result)
        .committed()
        .read(24)
        .published(23)
        .quarantined(1)
        .because("wind-speed-is-possible")
        .rows("hour,wind_speed", "3,1048.36");
  }
}
