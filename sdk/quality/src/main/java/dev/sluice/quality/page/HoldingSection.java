package dev.sluice.quality.page;

import dev.sluice.quality.page.Item.Status;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The checks that hold: a short list as it is, a long one folded by column. */
final class HoldingSection {
  private static final int UNFOLDED = 20;

  private final Html html;
  private final Report report;

  HoldingSection(Html html, Report report) {
    this.html = html;
    this.report = report;
  }

  void write() {
    List<Item> items = report.with(Status.PASSED);
    if (items.isEmpty()) {
      return;
    }
    html.open("section", "id", "passed", "class", "passed", "aria-labelledby", "passed-title");
    html.open("h2", "id", "passed-title").text("Hold");
    html.leaf("span", Figures.count(items.size()), "class", "count").close("h2").line();
    if (items.size() <= UNFOLDED) {
      rows(items, CompactRow::write);
    } else {
      html.open("div", "class", "groups").line();
      groups(items);
      html.close("div");
    }
    html.close("section").line();
  }

  /** By column, after those that speak of no column or of several. */
  private void groups(List<Item> items) {
    List<Item> whole = new ArrayList<>();
    List<Item> several = new ArrayList<>();
    Map<String, List<Item>> columns = new LinkedHashMap<>();
    for (Item item : items) {
      List<String> names = item.columns();
      switch (names.size()) {
        case 0 -> whole.add(item);
        case 1 -> columns.computeIfAbsent(names.get(0), name -> new ArrayList<>()).add(item);
        default -> several.add(item);
      }
    }
    folded("span", "Whole table", whole, CompactRow::write);
    folded("span", "Several columns", several, CompactRow::write);
    columns.forEach((name, own) -> folded("code", name, own, CompactRow::writeBelowColumn));
  }

  private void folded(String tag, String name, List<Item> items, Consumer<CompactRow> row) {
    if (items.isEmpty()) {
      return;
    }
    html.open("details").open("summary").leaf(tag, name, "dir", "auto");
    html.leaf("span", Figures.count(items.size()), "class", "count").close("summary").line();
    rows(items, row);
    html.close("details").line();
  }

  private void rows(List<Item> items, Consumer<CompactRow> row) {
    html.open("ul", "class", "compact").line();
    items.forEach(item -> row.accept(new CompactRow(html, item)));
    html.close("ul").line();
  }
}
