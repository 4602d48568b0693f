package dev.sluice.runtime.spi;

import dev.sluice.model.Json;
import dev.sluice.model.RunKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

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

  /**
   * Notes a run, and forgets what is older than {@link #KEPT}.
   *
   * @param properties as they are
   * @param set called with each property to set
   * @param remove called with each property to remove
   */
  public static void note(
      Map<String, String> properties,
      RunFacts facts,
      BiConsumer<String, String> set,
      Consumer<String> remove) {
    Instant oldest = facts.time().minus(KEPT);
    for (LedgerEntry entry : of(properties).entries()) {
      if (entry.committedAt().isBefore(oldest) && !entry.runKey().endsWith("/all")) {
        remove.accept(PREFIX + RunKey.hash(entry.runKey()));
        set.accept(HORIZON, entry.committedAt().toString()); // the last of them stays
      }
    }
    if (Guard.RUN_KEY_IN_COMMIT.holds()) {
      set.accept(property(facts.runKey()), Json.line(facts.entry()));
    }
    facts.properties().forEach(set);
  }
}
