package dev.sluice.jobs.flights;

import static dev.sluice.testkit.SluiceAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.quality.SuiteParser;
import dev.sluice.runtime.cli.Main;
import dev.sluice.testkit.JobHarness;
import dev.sluice.testkit.SluiceTest;
import dev.sluice.testkit.SuiteRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A job is enough to propose a suite for its table: its declaration knows the key. */
@SluiceTest
class ProposedSuiteTest {
  private static final String HEADER = "flight_date,origin,carrier,departures,mean_dep_delay";

  @Test
  void theDeclaredKeyIsProposedWhereItHolds(JobHarness harness) throws IOException {
    Path file = harness.folder().resolve("delay_stats.json");
    harness.given(Flights.DELAY_STATS, HEADER, delays());

    int exitCode =
        Main.execute(
            "suite",
            "init",
            "--job",
            "delay-stats",
            "--output",
            file.toString(),
            "--set",
            "lake.warehouse=" + harness.folder().resolve("lake").toUri());

    String suite = Files.readString(file);
    assertThat(exitCode).isZero();
    assertThat(suite)
        .contains("\"column_list\" : [ \"flight_date\", \"origin\", \"carrier\" ]")
        .contains("the declared key; no two of 60 rows agree in it");
    assertThat(
            SuiteRun.of(SuiteParser.parse(suite, "delay_stats.json"))
                .given(Flights.DELAY_STATS, HEADER, delays())
                .run())
        .holds()
        .publishes();
  }

  private static String[] delays() {
    return IntStream.range(0, 60)
        .mapToObj(
            i ->
                String.format(
                    "2013-01-%02d,%s,UA,%d,%s",
                    1 + i / 2, i % 2 == 0 ? "EWR" : "JFK", i % 7 * 3, i / 8.0))
        .toArray(String[]::new);
  }
}
