package dev.sluice.connect.delta;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.model.Json;
import dev.sluice.model.RunKey;
import dev.sluice.runtime.spi.LedgerEntry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/**
 * One commit of a Delta log.
 *
 * @param transactions the runs that it says are done
 * @param note what its writer noted; empty where nothing
 * @param time when it was made, as its writer says
 */
record LogEntry(Set<String> transactions, String note, Instant time) {
  private static final String PREFIX = "sluice.run.";

  /** The name of a run's transaction. */
  static String transaction(RunKey key) {
    return PREFIX + key.hash();
  }

  /** Reads a commit's file: one action a line. */
  static LogEntry read(InputStream in) throws IOException {
    Set<String> transactions = new HashSet<>();
    StringBuilder note = new StringBuilder();
    long time = 0;
    BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      boolean file = line.startsWith("{\"add\"") || line.startsWith("{\"remove\"");
      if (!file && !line.isBlank()) {
        JsonNode action = Json.mapper().readTree(line);
        if (action.has("txn")) {
          transactions.add(action.path("txn").path("appId").asText());
        }
        JsonNode commit = action.path("commitInfo");
        note.append(commit.path("userMetadata").asText());
        time = Math.max(time, commit.path("timestamp").asLong());
      }
    }
    return new LogEntry(transactions, note.toString(), Instant.ofEpochMilli(time));
  }

  /** Whether a run of ours has made it. */
  boolean ofRun() {
    return transactions.stream().anyMatch(name -> name.startsWith(PREFIX));
  }

  /** The ledger entry that a run has noted. */
  LedgerEntry ledger() {
    return LedgerEntry.parse(note);
  }
}
