package dev.sluice.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Receipt;
import org.junit.jupiter.api.Test;

class ReproTest {
  private static Receipt receipt(String status, String more) {
    return Receipt.parse(
            """
            {"job": "load-trips", "run_id": "run-1", "status": "%s",
             "interval": {"start": "2024-01-01T00:00:00Z", "end": "2024-02-01T00:00:00Z"},
             "settings": {"inbox": "/data/new trips", "lake.rest.token": "***"},
             "receipt_uri": "file:///lake/_sluice/receipts/load-trips/run-1.json"%s}"""
                .formatted(status, more))
        .orElseThrow();
  }

  @Test
  void theCommandNamesIntervalSettingsAndInputs() {
    String inputs =
        """
        , "inputs": [
          {"name": "trips", "uri": "/data/trips.csv", "files": []},
          {"name": "zones", "uri": "file:///lake/nyc/zones"},
          {"name": "rates", "uri": "file:///lake/nyc/rates", "snapshot_id": "7"}]""";

    assertThat(Repro.command(receipt("FAILED", inputs)))
        .containsExactly(
            "# zones keeps no snapshots: it is read as it is now.",
            "# lake.rest.token is a secret: give it as it was given then.",
            "run load-trips --interval 2024-01-01T00:00:00Z/2024-02-01T00:00:00Z --set"
                + " 'inbox=/data/new trips' --inputs"
                + " file:///lake/_sluice/receipts/load-trips/run-1.json");
  }

  @Test
  void whatCannotBeDoneAgainIsSaid() {
    assertThat(Repro.command(receipt("COMMITTED", "")))
        .startsWith(
            "# Its rows are published: into the same lake this ends as already committed. Set"
                + " lake.warehouse to write elsewhere.",
            "# It ended before it had read anything: inputs are read as they are now.")
        .last()
        .asString()
        .doesNotContain("--inputs");
  }
}
