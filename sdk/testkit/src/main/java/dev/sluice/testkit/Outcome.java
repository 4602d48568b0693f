package dev.sluice.testkit;

import dev.sluice.model.Receipt;
import dev.sluice.runtime.route.RowLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.spark.sql.Row;

/** A result whose tables are read once for all assertions, and only for those that ask. */
final class Outcome {
  private static final int SHOWN = 5;

  private final JobResult result;
  private final Supplier<List<Row>> rows;
  private final Supplier<List<Row>> quarantine;

  Outcome(JobResult result) {
    this.result = result;
    this.rows = once(result::rows);
    this.quarantine = once(result::quarantine);
  }

  Receipt receipt() {
    return result.receipt();
  }

  List<Row> rows() {
    return rows.get();
  }

  /** The rejected rows of the run; of earlier runs as well where they rejected other rows. */
  List<Row> quarantine() {
    return quarantine.get();
  }

  /** Everything that tells why a run did not end as a test expects. */
  String story() {
    Receipt receipt = receipt();
    List<String> lines = new ArrayList<>();
    lines.add("The run of " + receipt.job() + " ended " + receipt.status() + ":");
    receipt.error().ifPresent(error -> lines.add("  error: " + error.message()));
    receipt
        .rows()
        .ifPresent(
            r ->
                lines.add(
                    String.format(
                        "  rows: read %d = written %d + quarantined %d + filtered %d",
                        r.read(), r.written(), r.quarantined(), r.filtered())));
    receipt
        .quality()
        .ifPresent(
            quality -> {
              lines.add("  verdict of suite " + quality.suite() + ": " + quality.decision());
              quality.rule().ifPresent(rule -> lines.add("    refused: " + rule));
              quality
                  .failed()
                  .forEach(
                      f -> lines.add("    fails: " + f.id() + " in " + f.unexpected() + " rows"));
            });
    List<Row> rejected = quarantine();
    lines.add("  quarantine: " + rejected.size() + " rows " + byReason(rejected));
    rejected.stream().limit(SHOWN).forEach(row -> lines.add("    " + shown(row)));
    return String.join("\n", lines);
  }

  /** How many rows of quarantine fail which expectation. */
  static Map<String, Integer> byReason(List<Row> rejected) {
    Map<String, Integer> counts = new TreeMap<>();
    rejected.forEach(
        row -> JobResult.reasons(row).forEach(id -> counts.merge(id, 1, Integer::sum)));
    return counts;
  }

  private static String shown(Row rejected) {
    List<String> values = new ArrayList<>();
    for (String name : rejected.schema().fieldNames()) {
      Object value = rejected.getAs(name);
      if (value != null && !name.startsWith("_sluice")) {
        values.add(name + "=" + value);
      }
    }
    Object raw = rejected.getAs(RowLayout.RAW);
    String what = raw == null ? String.join(", ", values) : "unreadable: " + raw;
    return JobResult.reasons(rejected) + " " + what;
  }

  private static <T> Supplier<List<T>> once(Supplier<List<T>> read) {
    List<T> kept = new ArrayList<>();
    boolean[] done = {false};
    return () -> {
      if (!done[0]) {
        kept.addAll(read.get());
        done[0] = true;
      }
      return kept;
    };
  }
}
