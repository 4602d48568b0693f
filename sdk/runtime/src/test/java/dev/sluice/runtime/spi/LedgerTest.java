package dev.sluice.runtime.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Interval;
import dev.sluice.model.Receipt;
import dev.sluice.model.RunKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");

  private final Map<String, String> properties = new TreeMap<>();

  private static RunKey key(String interval) {
    return new RunKey("clean-trips", "lake.trips", Optional.of(Interval.parse(interval)));
  }

  private void commit(RunKey key, Instant time) {
    RunFacts facts = new RunFacts(key, "run", new Receipt.Rows(1, 1, 0, 0), time);
    Ledger.changes(properties, facts)
        .forEach(
            (name, value) ->
                value.ifPresentOrElse(
                    text -> properties.put(name, text), () -> properties.remove(name)));
  }

  @Test
  void entriesAreForgottenAfterTheirTimeAndTheHorizonSaysSo() {
    RunKey first = key("2023-12-01/2024-01-01");
    RunKey second = key("2024-01-01/2024-02-01");
    RunKey whole = new RunKey("load-zones", "lake.trips", Optional.empty());
    commit(whole, START);
    commit(first, START);
    commit(second, START.plus(Duration.ofDays(31)));
    assertThat(Ledger.of(properties).horizon()).isEmpty();
    assertThat(Ledger.of(properties).entries()).hasSize(3);

    commit(key("2025-02-01/2025-03-01"), START.plus(Ledger.KEPT).plus(Duration.ofDays(1)));

    assertThat(Ledger.of(properties).horizon()).contains(START);
    assertThat(Ledger.find(properties, first)).isEmpty();
    assertThat(Ledger.find(properties, second)).isPresent();
    assertThat(Ledger.find(properties, whole)).as("it has but one run").isPresent();
  }
}
