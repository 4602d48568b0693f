package dev.sluice.quality.page;

/** One check on one line. */
final class CompactRow {
  private final Html html;
  private final Item item;

  CompactRow(Html html, Item item) {
    this.html = html;
    this.item = item;
  }

  /** With the columns that it looks at. */
  void write() {
    begin();
    item.subject().ifPresent(column -> html.leaf("code", column).text(" "));
    end();
  }

  /** Without them, where they stand above. */
  void writeBelowColumn() {
    begin();
    end();
  }

  private void begin() {
    html.open("li", "id", item.anchor(), "data-filter", "").open("span", "dir", "auto");
  }

  private void end() {
    html.text(item.sentence()).close("span");
    figure();
    html.leaf("code", item.id(), "class", "id", "dir", "auto").close("li").line();
  }

  private void figure() {
    long unexpected = item.of("unexpected_count").asLong();
    if (unexpected > 0) {
      html.leaf(
          "b",
          Figures.count(unexpected) + " of " + Figures.count(item.of("element_count").asLong()));
    } else if (item.of("observed_value").isValueNode()
        && !item.of("observed_value").isMissingNode()) {
      html.leaf("b", Legible.cut(Figures.plain(item.of("observed_value")), 40));
    }
  }
}
