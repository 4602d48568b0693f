package dev.sluice.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Receipt;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VerificationTest {
  private static final Map<String, String> TRY = Map.of("SLUICE_RUN_TOKEN", "the-token");

  @Test
  void isBoundToItsTry() {
    assertThat(Verification.message("load-orders", List.of(), TRY))
        .isEqualTo(
            "{\"verification_version\":\"1.0\",\"job\":\"load-orders\",\"run_token\":\"the-token\","
                + "\"exit_code\":0,\"findings\":[]}");
  }

  @Test
  void saysHowTheCommandEnds() {
    assertThat(Verification.message("load-orders", List.of("a run without a receipt"), TRY))
        .contains("\"exit_code\":3,\"findings\":[\"a run without a receipt\"]");
  }

  @Test
  void fitsIntoATerminationMessageHoweverMuchIsFound() {
    List<String> findings = Collections.nCopies(1_000, "x".repeat(5_000));

    String message = Verification.message("load-orders", findings, TRY);

    assertThat(message.getBytes(StandardCharsets.UTF_8).length)
        .isLessThanOrEqualTo(Receipt.BRIEF_BYTES);
    assertThat(message).contains("… and 985 more in the log");
  }
}
