package dev.sluice.quality.profile;

import dev.sluice.quality.profile.ColumnProfile.Texts;
import java.io.Serializable;
import java.util.Optional;

/** Lengths and shapes of texts so far. */
final class TextSketch implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Shapes shapes = new Shapes();
  private int shortest = Integer.MAX_VALUE;
  private int longest = -1;

  void add(String text, long rows) {
    int length = text.codePointCount(0, text.length());
    shortest = Math.min(shortest, length);
    longest = Math.max(longest, length);
    shapes.add(text, rows);
  }

  void merge(TextSketch other) {
    shortest = Math.min(shortest, other.shortest);
    longest = Math.max(longest, other.longest);
    shapes.merge(other.shapes);
  }

  Optional<Texts> found() {
    return longest < 0
        ? Optional.empty()
        : Optional.of(new Texts(shortest, longest, shapes.found()));
  }
}
