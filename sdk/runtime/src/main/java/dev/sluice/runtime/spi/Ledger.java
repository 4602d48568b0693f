package dev.sluice.runtime.spi;

import dev.sluice.model.Json;
import dev.sluice.model.RunKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The runs that a target remembers to have published.
 *
 * <p>Where it stands among a table's properties, each run has a property of its own, so that a
 * commit which is tried again never overwrites another's entry.
 *
 * @param entries by the time of their commit
 * @param horizon runs that committed before this time may have been forgotten; empty where none was
 */
public record Ledger(List<LedgerEntry> entries, Optional<Instant> horizon) {
  /** How long an entry is kept; one of a job without intervals is kept for ever. */
  public static final Duration KEPT = Duration.ofDays(400);

  private static final String PREFIX = "sluice.run.";
  private static final String HORIZON = "sluice.ledger-horizon";

  /** The ledger among a table's properties. */
  public static Ledger of(Map<String, String> properties) {
    List<LedgerEntry> entries = new ArrayList<>();
    properties.forEach(
        (name, value) -> {
          if (name.startsWith(PREFIX)) {
            entries.add(LedgerEntry.parse(value));
          }
        });
    entries.sort(Comparator.comparing(LedgerEntry::committedAt));
    return new Ledger(
        List.copyOf(entries), Optional.ofNullable(properties.get(HORIZON)).map(Instant::parse));
  }

  /** The entry of a run key among a table's properties. */
  public static Optional<LedgerEntry> find(Map<String, String> properties, RunKey key) {
    return Optional.ofNullable(properties.get(property(key))).map(LedgerEntry::parse);
  }

  private static String property(RunKey key) {
    return PREFIX + key.hash();
  }

  /** The properties that forget what is older than {@link #KEPT}, and those that remember a run. */
  public static Map<String, Optional<String>> changes(
      Map<String, String> properties, RunFacts facts) {
    Map<String, Optional<String>> changes = new LinkedHashMap<>();
    Instant oldest = facts.time().minus(KEPT);
    Optional<Instant> horizon = Optional.empty();
    for (LedgerEntry entry : of(properties).entries()) {
      if (entry.committedAt().isBefore(oldest) && !entry.runKey().endsWith("/all")) {
        changes.put(PREFIX + RunKey.hash(entry.runKey()), Optional.empty());
        horizon = Optional.of(entry.committedAt());
      }
    }
    horizon.ifPresent(time -> changes.put(HORIZON, Optional.of(time.toString())));
    changes.put(property(facts.runKey()), Optional.of(Json.line(facts.entry())));
    facts.properties().forEach((name, value) -> changes.put(name, Optional.of(value)));
    return changes;
  }
}
