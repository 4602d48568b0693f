package dev.sluice.jobs.flights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Receipt.Rows;
import dev.sluice.model.Receipt.Status;
import dev.sluice.testkit.JobHarness;
import dev.sluice.testkit.JobResult;
import dev.sluice.testkit.SluiceTest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

@SluiceTest
class LoadDelaysTest {

  @Test
  void aSecondRunChangesNothing(JobHarness job) throws SQLException {
    String url = "jdbc:sqlite:" + job.folder().resolve("out.db");
    job.given(
            Flights.DELAY_STATS,
            "flight_date,origin,carrier,airline,departures,mean_dep_delay,year,month",
            "2013-01-01,EWR,UA,United,2,8.5,2013,1",
            "2013-01-02,EWR,UA,United,3,1.0,2013,1",
            "2013-02-02,EWR,UA,United,4,1.0,2013,2")
        .set("jdbc-url", url)
        .interval("2013-01-01/2013-02-01");

    JobResult first = job.run(new LoadDelays());
    JobResult second = job.run(new LoadDelays());

    assertThat(first.receipt().error()).isEmpty();
    assertThat(first.receipt().rows()).contains(new Rows(2, 2, 0, 0));
    assertThat(second.receipt().status()).isEqualTo(Status.ALREADY_COMMITTED);
    try (Connection connection = DriverManager.getConnection(url);
        ResultSet sum =
            connection
                .createStatement()
                .executeQuery("SELECT count(*), sum(departures) FROM delays")) {
      assertThat(sum.getInt(1)).isEqualTo(2);
      assertThat(sum.getInt(2)).isEqualTo(5);
    }
  }
}
