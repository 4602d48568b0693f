package dev.sluice.quality.page;

import dev.sluice.model.Receipt;
import dev.sluice.quality.page.Item.Status;
import java.util.List;

/** What the reader of a page should do now, as a list of steps. */
final class NextSteps {
  private static final int ASKS = 120;

  private final Html html;
  private final PageFacts facts;
  private final Report report;

  NextSteps(Html html, PageFacts facts, Report report) {
    this.html = html;
    this.facts = facts;
    this.report = report;
  }

  void write() {
    html.open("ol").line();
    boolean said =
        switch (facts.decision()) {
          case REFUSE -> refused();
          case PUBLISH -> published();
          case NONE -> unchecked();
        };
    if (!said) {
      step("Nothing. The table is ready to be read.");
    }
    html.close("ol").line();
  }

  private boolean refused() {
    List<Item> failed = report.with(Status.FAILED);
    report
        .culprit()
        .or(() -> failed.stream().findFirst())
        .ifPresent(item -> look("See what the check found: ", item));
    rejected();
    step(
        "Correct the input or the job, then run it again: the run key is the same, so nothing is"
            + " published twice. If the rows are right, change the suite"
            + (report.suite().isEmpty() ? "." : " “" + report.suite() + "”."));
    return true;
  }

  private boolean published() {
    boolean rejected = rejected();
    boolean errored =
        first(
            report.with(Status.ERRORED),
            "Correct the check that could not be answered: ",
            "Correct the %s checks that could not be answered, first ");
    boolean failed =
        first(
            report.with(Status.FAILED),
            "Decide whether this matters: ",
            "Decide whether these %s checks matter, first ");
    return rejected || errored || failed;
  }

  private boolean unchecked() {
    step("Give the job a suite, so that bad rows cannot reach the table unseen.");
    return true;
  }

  private boolean first(List<Item> items, String one, String several) {
    if (items.isEmpty()) {
      return false;
    }
    look(items.size() == 1 ? one : several.formatted(Figures.count(items.size())), items.get(0));
    return true;
  }

  private boolean rejected() {
    Receipt.Rows rows = facts.rows();
    if (rows.quarantined() == 0 || facts.quarantine().isEmpty()) {
      return false;
    }
    html.open("li");
    html.text(
        rows.quarantined() == 1
            ? "Look at the row in quarantine, with its reasons:"
            : "Look at the "
                + Figures.count(rows.quarantined())
                + " rows in quarantine, each with its reasons:");
    html.line();
    html.open("pre", "tabindex", "0").text(query(facts.quarantine().get()));
    html.close("pre").close("li").line();
    return true;
  }

  private String query(String table) {
    return "SELECT * FROM "
        + table
        + " WHERE _sluice_run_key = '"
        + facts.runKey().replace("'", "''")
        + "'";
  }

  private void look(String words, Item item) {
    html.open("li").text(words).leaf("a", item.id(), "href", "#" + item.anchor(), "dir", "auto");
    html.open("span", "class", "asks", "dir", "auto").text(" (");
    html.limited(item.subject().map(column -> column + ": ").orElse("") + item.sentence(), ASKS);
    html.text(")").close("span").close("li").line();
  }

  private void step(String words) {
    html.leaf("li", words).line();
  }
}
