package dev.sluice.jobs.flights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Receipt.Rows;
import dev.sluice.model.Receipt.Status;
import dev.sluice.testkit.JobHarness;
import dev.sluice.testkit.JobResult;
import dev.sluice.testkit.SluiceTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

@SluiceTest
class ExtractFlightsTest {
  private static final String HEADER =
      "year,month,day,dep_time,sched_dep_time,dep_delay,arr_time,sched_arr_time,arr_delay,carrier,"
          + "flight,tailnum,origin,dest,air_time,distance,hour,minute,time_hour";

  @Test
  void otherMonthsAreFilteredAndUnreadableRecordsQuarantined(JobHarness job) {
    List<String> lines = new ArrayList<>(List.of(HEADER));
    for (int flight = 0; flight < 20_000; flight++) {
      lines.add(line(1, flight));
    }
    lines.add(line(2, 1));
    lines.add(line(1, 20_001).replace(",1400,", ",far,"));
    job.file("flights.csv", lines.toArray(String[]::new));

    JobResult result =
        job.set("raw", job.folder().toString())
            .interval("2013-01-01/2013-02-01")
            .run(new ExtractFlights());

    assertThat(result.receipt().error()).isEmpty();
    assertThat(result.receipt().status()).isEqualTo(Status.COMMITTED);
    assertThat(result.receipt().rows()).contains(new Rows(20_002, 20_000, 1, 1));
    assertThat(result.quarantine())
        .singleElement()
        .satisfies(
            row -> {
              assertThat(JobResult.reasons(row)).containsExactly("source_record_is_readable");
              assertThat(row.<String>getAs("_sluice_raw")).contains(",far,");
            });
  }

  private static String line(int month, int flight) {
    return String.format(
        "2013,%d,1,517,515,2,830,819,11,UA,%d,N14228,EWR,IAH,227,1400,5,15,2013-%02d-01T10:00:00Z",
        month, flight, month);
  }
}
