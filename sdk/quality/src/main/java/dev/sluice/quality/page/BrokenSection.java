package dev.sluice.quality.page;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.quality.page.Item.Status;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The checks that do not hold, each with all that is known; of very many, the rest in short. */
final class BrokenSection {
  private static final int IN_FULL = 200;
  private static final int ERROR_LENGTH = 2_000;

  private final Html html;
  private final Report report;
  private final Status status;

  BrokenSection(Html html, Report report, Status status) {
    this.html = html;
    this.report = report;
    this.status = status;
  }

  void write() {
    List<Item> items = report.with(status);
    if (items.isEmpty()) {
      return;
    }
    boolean errored = status == Status.ERRORED;
    String name = errored ? "errored" : "failed";
    html.open("section", "id", name, "class", name, "aria-labelledby", name + "-title");
    html.open("h2", "id", name + "-title");
    html.text(errored ? "Could not be answered" : "Do not hold");
    html.leaf("span", Figures.count(items.size()), "class", "count").close("h2").line();
    items.stream().limit(IN_FULL).forEach(this::full);
    if (items.size() > IN_FULL) {
      html.leaf("h3", Figures.count(items.size() - IN_FULL) + " more, in short");
      html.open("ul", "class", "compact").line();
      items.stream().skip(IN_FULL).forEach(item -> new CompactRow(html, item).write());
      html.close("ul").line();
    }
    html.close("section").line();
  }

  private void full(Item item) {
    html.open("article", "class", "check", "id", item.anchor(), "data-filter", "");
    html.open("header");
    html.open("h3");
    item.subject().ifPresent(column -> html.leaf("code", column, "dir", "auto").text(" "));
    html.leaf("span", item.sentence(), "dir", "auto").close("h3");
    html.open("p", "class", "labels");
    html.leaf("code", item.id(), "class", "id", "dir", "auto");
    labels(item);
    html.close("p").close("header").line();
    Item.text(item.config().path("description"))
        .ifPresent(text -> html.leaf("p", text, "class", "note"));
    item.error().ifPresent(this::error);
    if (status == Status.FAILED) {
      counts(item);
      observed(item);
      new Samples(html, item).write();
    }
    html.close("article").line();
  }

  private void labels(Item item) {
    if (report.isCulprit(item)) {
      html.leaf("span", "refused this run", "class", "label bad");
    } else {
      item.onFailure()
          .map(BrokenSection::effect)
          .ifPresent(text -> html.leaf("span", text, "class", "label"));
    }
    item.severity().ifPresent(severity -> html.leaf("span", severity, "class", "label"));
  }

  private static String effect(String onFailure) {
    return switch (onFailure) {
      case "quarantine" -> "rows to quarantine";
      case "refuse" -> "refuses";
      case "warn" -> "warns only";
      default -> onFailure;
    };
  }

  private void error(String message) {
    html.open("p", "class", "error", "dir", "auto").limited(message, ERROR_LENGTH);
    html.close("p");
  }

  /** How many values fail, of how many that are there. */
  private void counts(Item item) {
    JsonNode unexpected = item.of("unexpected_count");
    JsonNode elements = item.of("element_count");
    if (!unexpected.isNumber() || !elements.isNumber()) {
      return;
    }
    long missing = item.of("missing_count").asLong(0);
    long present = elements.asLong() - missing;
    double percent = present <= 0 ? 0 : 100.0 * unexpected.asLong() / present;
    String thing = item.columns().size() > 1 ? "row" : "value";
    html.open("div", "class", "measure");
    bar(percent, item.kwargs().mostly());
    html.open("p").leaf("b", Figures.count(unexpected.asLong()));
    html.text(" of " + Figures.count(present, thing) + " ").leaf("b", Figures.percent(percent));
    item.kwargs().mostly().ifPresent(most -> html.text(", allowed " + Figures.percent(100 - most)));
    if (missing > 0) {
      html.leaf(
          "span",
          Figures.count(missing) + " missing of " + Figures.count(elements.asLong()),
          "class",
          "aside");
    }
    html.close("p").close("div").line();
  }

  /** The share that fails, with a mark where the limit lies. */
  private void bar(double percent, Optional<Double> mostly) {
    html.open(
        "svg",
        "class",
        "bar",
        "viewBox",
        "0 0 1000 10",
        "preserveAspectRatio",
        "none",
        "aria-hidden",
        "true");
    double width = percent == 0 ? 0 : Math.max(6, percent * 10);
    html.empty("rect", "class", "part", "width", Figures.decimal(width, 1), "height", "10");
    mostly.ifPresent(
        most ->
            html.empty(
                "rect",
                "class",
                "limit",
                "x",
                Figures.decimal(Math.min(996, 1000 - most * 10), 1),
                "width",
                "4",
                "height",
                "10"));
    html.close("svg");
  }

  private void observed(Item item) {
    if (!item.result().has("observed_value")) {
      return;
    }
    html.open("p", "class", "observed").text("Observed ");
    new Value(html).list(item.result().get("observed_value"));
    html.close("p").line();
    JsonNode details = item.of("details").path("mismatched");
    for (Map.Entry<String, JsonNode> entry : details.properties()) {
      html.open("p", "class", "observed").text(entry.getKey() + " ");
      new Value(html).list(entry.getValue());
      html.close("p").line();
    }
  }
}
