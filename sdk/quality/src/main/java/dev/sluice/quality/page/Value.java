package dev.sluice.quality.page;

import com.fasterxml.jackson.databind.JsonNode;

/** Writes values of the data so that their type, their spaces and their length are seen. */
final class Value {
  private static final int LENGTH = 200;
  private static final int ELEMENTS = 30;

  private final Html html;

  Value(Html html) {
    this.html = html;
  }

  /** One value. */
  Value write(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      html.leaf("i", "null", "class", "v");
    } else if (value.isTextual()) {
      cut(value.asText(), value.asText().isEmpty() ? "v t none" : "v t");
    } else {
      cut(value.isContainerNode() ? value.toString() : Figures.plain(value), "v");
    }
    return this;
  }

  /** A value, or the first few of a list. */
  void list(JsonNode values) {
    if (!values.isArray() || values.isEmpty()) {
      write(values);
      return;
    }
    int shown = 0;
    for (JsonNode value : values) {
      if (shown++ < ELEMENTS) {
        write(value).html.text(" ");
      }
    }
    if (values.size() > ELEMENTS) {
      html.leaf("span", "… " + Figures.count(values.size()) + " in all", "class", "long");
    }
  }

  private void cut(String text, String kind) {
    html.open("code", "class", kind, "dir", "auto").text(Legible.cut(text, LENGTH)).close("code");
    if (Legible.isLong(text, LENGTH)) {
      html.leaf(
          "span", "… " + Figures.count(Legible.length(text)) + " characters", "class", "long");
    }
  }
}
