package dev.sluice.quality.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** The values or rows that a check gives as examples: each once, with how often it is there. */
final class Samples {
  private static final int MOST = 20;
  private static final int COLUMNS = 12;

  private final Html html;
  private final Item item;

  Samples(Html html, Item item) {
    this.html = html;
    this.item = item;
  }

  void write() {
    JsonNode samples = samples();
    if (samples.isEmpty()) {
      return;
    }
    Map<JsonNode, Integer> counted = new LinkedHashMap<>();
    samples.forEach(sample -> counted.merge(sample, 1, Integer::sum));
    html.open("div", "class", "samples").leaf("h4", title(samples.size()));
    JsonNode first = samples.get(0);
    if (first.isContainerNode() && !first.isEmpty()) {
      table(counted);
    } else {
      values(counted);
    }
    html.close("div").line();
  }

  /** Rows with their keys say more than values alone. */
  private JsonNode samples() {
    for (JsonNode candidate :
        List.of(
            item.of("partial_unexpected_index_list"),
            item.of("unexpected_rows"),
            item.of("details").path("unexpected_rows"),
            item.of("partial_unexpected_list"))) {
      if (candidate.isArray() && !candidate.isEmpty()) {
        return candidate;
      }
    }
    return MissingNode.getInstance();
  }

  private String title(int size) {
    long all = item.of("unexpected_count").asLong(size);
    return all > size ? "Samples, " + Figures.count(size) + " of " + Figures.count(all) : "Samples";
  }

  private void values(Map<JsonNode, Integer> counted) {
    html.open("ul", "class", "values").line();
    counted.entrySet().stream()
        .limit(MOST)
        .forEach(
            entry -> {
              html.open("li");
              new Value(html).write(entry.getKey());
              times(entry.getValue());
              html.close("li").line();
            });
    html.close("ul");
  }

  private void table(Map<JsonNode, Integer> counted) {
    List<String> columns = columns(counted.keySet());
    List<String> shown = columns.subList(0, Math.min(COLUMNS, columns.size()));
    boolean repeated = counted.values().stream().anyMatch(times -> times > 1);
    html.open(
        "div",
        "class",
        "scroll",
        "tabindex",
        "0",
        "role",
        "group",
        "aria-label",
        "Samples of " + item.id());
    html.open("table").open("thead").open("tr");
    shown.forEach(column -> html.leaf("th", column, "scope", "col", "dir", "auto"));
    if (repeated) {
      html.leaf("th", "Rows", "scope", "col");
    }
    html.close("tr").close("thead").open("tbody").line();
    counted.entrySet().stream().limit(MOST).forEach(entry -> row(entry, shown, repeated));
    html.close("tbody").close("table").close("div");
    if (columns.size() > shown.size()) {
      String rest = Figures.count(columns.size() - shown.size(), "more column");
      html.leaf("p", rest, "class", "long");
    }
  }

  private void row(Map.Entry<JsonNode, Integer> entry, List<String> columns, boolean repeated) {
    JsonNode sample = entry.getKey();
    html.open("tr");
    for (int i = 0; i < columns.size(); i++) {
      html.open("td");
      new Value(html).write(sample.isArray() ? sample.path(i) : sample.path(columns.get(i)));
      html.close("td");
    }
    if (repeated) {
      html.leaf("td", Figures.count(entry.getValue()));
    }
    html.close("tr").line();
  }

  /** The names of an object's members; those of the expectation's columns for a list of values. */
  private List<String> columns(Set<JsonNode> samples) {
    Set<String> names = new LinkedHashSet<>();
    int width = 0;
    for (JsonNode sample : samples) {
      sample.fieldNames().forEachRemaining(names::add);
      width = Math.max(width, sample.isArray() ? sample.size() : 0);
    }
    List<String> columns = item.kwargs().columns();
    return names.isEmpty()
        ? IntStream.range(0, width)
            .mapToObj(i -> i < columns.size() ? columns.get(i) : "value " + (i + 1))
            .toList()
        : new ArrayList<>(names);
  }

  private void times(int times) {
    if (times > 1) {
      html.leaf("span", "× " + Figures.count(times), "class", "times");
    }
  }
}
