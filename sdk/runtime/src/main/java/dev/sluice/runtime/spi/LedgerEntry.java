package dev.sluice.runtime.spi;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.sluice.model.ErrorKind;
import dev.sluice.model.Json;
import dev.sluice.model.Receipt;
import dev.sluice.model.SluiceException;
import java.time.Instant;

/** The trace that a committed run leaves in its target; found by every later run with its key. */
public record LedgerEntry(String runKey, String runId, Receipt.Rows rows, Instant committedAt) {

  /** Reads an entry back from its JSON. */
  public static LedgerEntry parse(String json) {
    try {
      return Json.mapper().readValue(json, LedgerEntry.class);
    } catch (JsonProcessingException e) {
      throw new SluiceException(
          ErrorKind.INFRA,
          "Cannot read the ledger: '" + json + "' is not an entry. Restore the table's properties",
          e);
    }
  }
}
