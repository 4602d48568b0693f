package dev.sluice.runtime.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.model.Json;
import dev.sluice.runtime.engine.Rejected;
import dev.sluice.runtime.engine.Replay;
import java.util.Locale;

/** Reports about rejected rows as people read them. */
final class RejectedText {
  private RejectedText() {}

  static String counts(Rejected.Report report) {
    StringBuilder text = new StringBuilder(head(report));
    for (Rejected.Reason reason : report.reasons()) {
      text.append(line("  %,10d  %s%n", reason.rows(), reason.id()));
    }
    return text.toString();
  }

  static String explained(Rejected.Report report) {
    StringBuilder text = new StringBuilder(head(report));
    for (Rejected.Reason reason : report.reasons()) {
      text.append(
          line(
              "%n%s: %,d rows, the last at %s%n  %s%n",
              reason.id(), reason.rows(), reason.lastSeen(), asks(reason)));
      for (JsonNode example : reason.examples()) {
        text.append("    ").append(Json.line(example)).append(System.lineSeparator());
      }
    }
    return text.toString();
  }

  static String replayed(Replay.Outcome outcome) {
    return outcome.waiting() == 0
        ? line("nothing waits in quarantine%n")
        : line(
            "%,d rows waited, %,d are published now, %,d still wait (%s)%n",
            outcome.waiting(), outcome.published(), outcome.left(), outcome.runKey());
  }

  private static String head(Rejected.Report report) {
    return report.rows() == 0
        ? line("%s: empty%n", report.quarantine())
        : line(
            "%s: %,d rows, %,d of them published since%n",
            report.quarantine(), report.rows(), report.replayed());
  }

  private static String asks(Rejected.Reason reason) {
    return reason
        .expectation()
        .map(node -> reason.type() + " " + Json.line(node.get("kwargs")))
        .orElse(
            reason.type().equals(reason.id())
                ? "the record could not be parsed"
                : reason.type() + ", which today's suite does not have");
  }

  private static String line(String format, Object... args) {
    return String.format(Locale.ROOT, format, args);
  }
}
