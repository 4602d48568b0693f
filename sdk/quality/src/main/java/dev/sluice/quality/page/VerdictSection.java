package dev.sluice.quality.page;

import dev.sluice.model.Receipt;
import dev.sluice.quality.Verdict.Decision;
import dev.sluice.quality.page.Item.Status;
import java.util.Optional;

/** The first screen: what happened, by which rule, what to do next, and what became of the rows. */
final class VerdictSection {
  private final Html html;
  private final PageFacts facts;
  private final Report report;

  VerdictSection(Html html, PageFacts facts, Report report) {
    this.html = html;
    this.facts = facts;
    this.report = report;
  }

  void write() {
    html.open("header", "class", "top").line();
    html.open("p", "class", "run").leaf("b", facts.job()).text(" → ").leaf("b", facts.table());
    html.open("time", "datetime", facts.time().toString());
    html.text(moment()).close("time").close("p").close("header").line();
    html.open("section", "class", "verdict", "aria-labelledby", "verdict");
    html.open("div", "class", "said");
    html.leaf("h1", report.headline(), "id", "verdict");
    html.leaf("p", what(), "class", "what", "dir", "auto").line();
    html.open("div", "class", "rule").leaf("h2", "Why");
    html.leaf("p", why(), "dir", "auto").close("div").line();
    html.open("div", "class", "next").leaf("h2", "What to do next").line();
    new NextSteps(html, facts, report).write();
    html.close("div").close("div").line();
    html.open("div", "class", "account");
    tally();
    rows();
    html.close("div").line();
    details();
    html.close("section").line();
  }

  private String moment() {
    String text = facts.time().toString();
    return text.substring(0, 10) + " " + text.substring(11, 16) + " UTC";
  }

  private String what() {
    Receipt.Rows rows = facts.rows();
    String written = Figures.count(rows.written(), "row");
    return switch (facts.decision()) {
      case REFUSE -> "Nothing was published: " + facts.table() + " is as it was before this run.";
      case NONE -> written + " went to " + facts.table() + ". No check looked at them.";
      case PUBLISH ->
          written
              + (rows.written() == 1 ? " is in " : " are in ")
              + facts.table()
              + (rows.quarantined() == 0
                  ? "."
                  : "; " + Figures.count(rows.quarantined()) + " went to quarantine instead.");
    };
  }

  private String why() {
    return facts.rule().orElseGet(this::noRule);
  }

  private String noRule() {
    long failed = report.count(Status.FAILED);
    long errored = report.count(Status.ERRORED);
    if (facts.decision() == Decision.REFUSE) {
      return "The gate refused and named no rule.";
    }
    if (report.items().isEmpty()) {
      return "The job names no suite, so there was nothing to decide by.";
    }
    if (failed + errored == 0) {
      return facts.rows().quarantined() == 0
          ? "Every check holds."
          : "Every check holds, with the rows that it may leave out.";
    }
    return Figures.count(failed + errored)
        + " of "
        + Figures.count(report.items().size(), "check")
        + (failed + errored == 1 ? " does" : " do")
        + " not hold, and no rule refuses for that.";
  }

  /** How many checks hold; each count leads to its checks. */
  private void tally() {
    if (report.items().isEmpty()) {
      return;
    }
    html.open("nav", "class", "tally", "aria-label", "Checks").line();
    link(Status.ERRORED, "errored", "not answered");
    link(Status.FAILED, "failed", report.count(Status.FAILED) == 1 ? "fails" : "fail");
    link(Status.PASSED, "passed", report.count(Status.PASSED) == 1 ? "holds" : "hold");
    html.close("nav").line();
  }

  private void link(Status status, String anchor, String words) {
    long count = report.count(status);
    if (count == 0) {
      return;
    }
    html.open("a", "href", "#" + anchor, "class", anchor);
    html.leaf("b", Figures.count(count)).text(" " + words).close("a").line();
  }

  private void rows() {
    Receipt.Rows rows = facts.rows();
    html.open("section", "class", "rows", "aria-labelledby", "rows");
    html.leaf(
        "h2",
        facts.decision() == Decision.REFUSE ? "Rows, had it published" : "Rows",
        "id",
        "rows");
    long all = Math.max(1, rows.written() + rows.quarantined() + rows.filtered());
    html.open(
        "svg",
        "class",
        "flow",
        "viewBox",
        "0 0 1000 10",
        "preserveAspectRatio",
        "none",
        "aria-hidden",
        "true");
    double end = band("written", 0, rows.written(), all);
    end = band("quarantined", end, rows.quarantined(), all);
    band("filtered", end, rows.filtered(), all);
    html.close("svg").line().open("dl").line();
    row("read", rows.read(), Optional.empty());
    row("written", rows.written(), Optional.of(all));
    row("quarantined", rows.quarantined(), Optional.of(all));
    row("filtered", rows.filtered(), Optional.of(all));
    html.close("dl").close("section").line();
  }

  /** A part of the bar; a few rows of many are still to be seen. */
  private double band(String name, double from, long part, long all) {
    double width = part == 0 ? 0 : Math.max(4, 1000.0 * part / all);
    double start = Math.min(from, 1000 - width);
    html.empty(
        "rect",
        "class",
        name,
        "x",
        Figures.decimal(start, 1),
        "width",
        Figures.decimal(width, 1),
        "height",
        "10");
    return start + width;
  }

  private void row(String name, long count, Optional<Long> all) {
    html.open("div", "class", name).leaf("dt", name).open("dd").leaf("b", Figures.count(count));
    all.ifPresent(
        whole -> html.leaf("span", count == 0 ? "" : Figures.percent(100.0 * count / whole)));
    html.close("dd").close("div").line();
  }

  private void details() {
    html.open("dl", "class", "details").line();
    if (!report.suite().isEmpty()) {
      detail("Suite", report.suite());
    }
    detail("Run key", facts.runKey());
    detail("Run", facts.runId());
    facts.tableUri().ifPresent(uri -> detail("Table", uri));
    facts.quarantine().ifPresent(name -> detail("Quarantine", name));
    facts.receiptUri().ifPresent(uri -> detail("Receipt", uri));
    html.close("dl");
  }

  private void detail(String name, String value) {
    html.open("div").leaf("dt", name).open("dd");
    if (value.matches("https?://[^\\s]+")) {
      html.leaf("a", value, "href", value, "rel", "noreferrer");
    } else {
      html.leaf("code", value, "dir", "auto");
    }
    html.close("dd").close("div").line();
  }
}
