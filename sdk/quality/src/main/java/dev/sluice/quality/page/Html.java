package dev.sluice.quality.page;

/** Writes HTML in which all text is escaped; it is well-formed XML, too. */
final class Html {
  /** The most characters of one text: names and messages of that length are mistakes. */
  private static final int LONGEST = 500;

  private final StringBuilder out = new StringBuilder(64 * 1024);

  /** Opens an element; attributes are given as names and values in turn. */
  Html open(String tag, String... attributes) {
    begin(tag, attributes);
    out.append('>');
    return this;
  }

  /** Closes an element. */
  Html close(String tag) {
    out.append("</").append(tag).append('>');
    return this;
  }

  /** An element without content. */
  Html empty(String tag, String... attributes) {
    begin(tag, attributes);
    out.append("/>");
    return this;
  }

  /** An element that holds only text. */
  Html leaf(String tag, String text, String... attributes) {
    return open(tag, attributes).limited(text, LONGEST).close(tag);
  }

  /** Text, escaped. */
  Html text(String text) {
    Legible.content(out, text);
    return this;
  }

  /** Text of any length: of a long one its beginning, and how long it is. */
  Html limited(String text, int most) {
    text(Legible.cut(text, most));
    return Legible.isLong(text, most)
        ? leaf("span", "… " + Figures.count(Legible.length(text)) + " characters", "class", "long")
        : this;
  }

  /** Begins a new line of the file, for those who read its source or its diff. */
  Html line() {
    out.append('\n');
    return this;
  }

  /** What is HTML already: our own style and script. */
  Html verbatim(String ours) {
    out.append(ours);
    return this;
  }

  private void begin(String tag, String... attributes) {
    out.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      out.append(' ').append(attributes[i]).append("=\"");
      Legible.attribute(out, attributes[i + 1]);
      out.append('"');
    }
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
