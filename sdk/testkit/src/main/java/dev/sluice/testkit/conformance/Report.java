package dev.sluice.testkit.conformance;

import dev.sluice.testkit.conformance.Comparison.Score;
import dev.sluice.testkit.conformance.Comparison.Status;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** What came of all cases: a table by type, and the reason of each that did not pass. */
final class Report {
  private static final String LINE = "%-64s %5s %6s %6s %7s %6s%n";

  /** How many cases went which way. */
  private static final class Row {
    private int cases;
    private int passed;
    private int failed;
    private int errored;
    private int strict;

    private void add(Status usual, Status strictly) {
      cases++;
      switch (usual) {
        case PASSED -> passed++;
        case FAILED -> failed++;
        case ERRORED -> errored++;
      }
      strict += strictly == Status.PASSED ? 1 : 0;
    }

    private void print(String name, PrintStream out) {
      out.printf(Locale.ROOT, LINE, name, cases, passed, failed, errored, strict);
    }
  }

  private final SortedMap<String, Row> byType = new TreeMap<>();
  private final Row all = new Row();
  private final Row asserting = new Row();
  private final List<String> reasons = new ArrayList<>();

  /** Counts one case. */
  void add(CaseLine asked, CaseAnswer answer) {
    Score usual = new Comparison(asked, answer, Slack.USUAL).score();
    Score strict = new Comparison(asked, answer, Slack.STRICT).score();
    byType.computeIfAbsent(asked.type(), type -> new Row()).add(usual.status(), strict.status());
    all.add(usual.status(), strict.status());
    if (asked.asserts()) {
      asserting.add(usual.status(), strict.status());
    }
    if (usual.status() != Status.PASSED) {
      String status = usual.status().name().toLowerCase(Locale.ROOT);
      reasons.add(asked.id() + " " + status + ": " + usual.reason());
    } else if (strict.status() != Status.PASSED) {
      reasons.add(asked.id() + " passed, but not strictly: " + strict.reason());
    }
  }

  /** Prints it. */
  void print(PrintStream out) {
    reasons.forEach(reason -> out.println(reason.lines().reduce((a, b) -> a + b).orElse("")));
    out.printf(LINE, "type", "cases", "passed", "failed", "errored", "strict");
    byType.forEach((type, row) -> row.print(type, out));
    all.print("all", out);
    asserting.print("all that assert something, without stubs", out);
  }

  /** Whether every case passed that asserts something of a type that some engine on Spark has. */
  boolean conforms() {
    return asserting.passed == asserting.cases && asserting.strict == asserting.cases;
  }
}
