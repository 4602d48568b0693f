package dev.sluice.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Receipt;
import org.junit.jupiter.api.Test;

class RunCommandTest {
  private static final String TASKS =
      "{\"done\": 9, \"failed\": 0, \"run_ms\": 41000, \"gc_share\": 0.1, \"spilled_memory_bytes\":"
          + " 0, \"spilled_disk_bytes\": 0, \"peak_execution_bytes\": 0, \"input_bytes\": 0,"
          + " \"shuffle_read_bytes\": 0, \"shuffle_write_bytes\": 0}";

  @Test
  void theScreenEndsWithWhatToGiveTheNextRun() {
    assertThat(RunCommand.summary(receipt("[\"used 310 MiB of 4096 MiB: 1Gi would do\"]")))
        .isEqualTo(
            """
            clean-orders: COMMITTED · read 3 = written 2 + quarantined 1 + filtered 0 · 1.5 s
            receipt: s3://lake/1.json
            advice: used 310 MiB of 4096 MiB: 1Gi would do""");
  }

  @Test
  void whereNothingIsSureItSaysNothing() {
    assertThat(RunCommand.summary(receipt("[]"))).endsWith("receipt: s3://lake/1.json");
  }

  private static Receipt receipt(String advice) {
    return Receipt.parse(
            """
            {"receipt_version": "1.0", "sdk_version": "0.1.0", "job": "clean-orders", "run_id": "1",
             "run_key": "clean-orders", "status": "COMMITTED", "phase": "report", "exit_code": 0,
             "rows": {"read": 3, "written": 2, "quarantined": 1, "filtered": 0},
             "memory": {"heap_max_bytes": 1, "heap_used_bytes": 1},
             "resources": {
               "driver": {"heap_max_bytes": 2, "heap_peak_bytes": 1, "gc_share": 0.01},
               "tasks": %s, "stages": [], "advice": %s},
             "timings": {"jvm_started_at": "2026-11-23T23:15:00Z", "started_at":
               "2026-11-23T23:15:01Z", "total_ms": 1500},
             "receipt_uri": "s3://lake/1.json"}
            """
                .formatted(TASKS, advice))
        .orElseThrow();
  }
}
