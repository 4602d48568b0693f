package dev.sluice.connect.delta;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.model.Json;
import dev.sluice.runtime.spi.LedgerEntry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * One commit of a Delta log.
 *
 * @param transactions the runs that it says are done
 * @param note what its writer noted; empty where nothing
 */
record LogEntry(Set<String> transactions, String note) {

  /** Reads a commit's file: one action a line. */
  static LogEntry read(InputStream in) throws IOException {
    Set<String> transactions = new HashSet<>();
    String note = "";
    BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      boolean file = line.startsWith("{\"add\"") || line.startsWith("{\"remove\"");
      if (!file && !line.isBlank()) {
        JsonNode action = Json.mapper().readTree(line);
        if (action.has("txn")) {
          transactions.add(action.path("txn").path("appId").asText());
        }
        note += action.path("commitInfo").path("userMetadata").asText();
      }
    }
    return new LogEntry(transactions, note);
  }

  /** The ledger entry that a run has noted. */
  LedgerEntry ledger() {
    return LedgerEntry.parse(note);
  }
}
