package dev.sluice.quality.profile;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects the shapes of texts, up to a number of shapes; beyond it there are none.
 *
 * <p>Whether there are too many depends on the texts alone, not on the order in which they come.
 */
final class Shapes implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int MOST = 32;
  private static final int RUNS = 16;

  private static final class Runs implements Serializable {
    private static final long serialVersionUID = 1L;
    private final int[] least;
    private final int[] most;
    private long rows;

    Runs(int[] lengths) {
      least = lengths.clone();
      most = lengths.clone();
    }

    void extend(int[] shorter, int[] longer, long more) {
      for (int run = 0; run < least.length; run++) {
        least[run] = Math.min(least[run], shorter[run]);
        most[run] = Math.max(most[run], longer[run]);
      }
      rows += more;
    }
  }

  private final Map<String, Runs> byClasses = new HashMap<>();
  private boolean irregular;

  void add(String text, long rows) {
    if (irregular) {
      return;
    }
    char[] classes = new char[RUNS];
    int[] lengths = new int[RUNS];
    int runs = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      char wanted = classOf(c);
      boolean same = runs > 0 && classes[runs - 1] == wanted;
      if (c < ' ' || c > '~' || (!same && runs == RUNS)) {
        giveUp();
        return;
      }
      if (!same) {
        classes[runs++] = wanted;
      }
      lengths[runs - 1]++;
    }
    extend(new String(classes, 0, runs), lengths, lengths, rows);
  }

  void merge(Shapes other) {
    if (other.irregular) {
      giveUp();
    }
    other.byClasses.forEach((classes, runs) -> extend(classes, runs.least, runs.most, runs.rows));
  }

  private void extend(String classes, int[] shorter, int[] longer, long rows) {
    if (irregular) {
      return;
    }
    byClasses
        .computeIfAbsent(classes, key -> new Runs(Arrays.copyOf(shorter, key.length())))
        .extend(shorter, longer, rows);
    if (byClasses.size() > MOST) {
      giveUp();
    }
  }

  private void giveUp() {
    irregular = true;
    byClasses.clear();
  }

  /** The shapes, most frequent first; none where there are too many. */
  List<Shape> found() {
    return byClasses.entrySet().stream()
        .map(e -> shape(e.getKey(), e.getValue()))
        .sorted(Comparator.comparingLong(Shape::rows).reversed().thenComparing(Shape::classes))
        .toList();
  }

  private static Shape shape(String classes, Runs runs) {
    return new Shape(
        classes,
        Arrays.stream(runs.least).boxed().toList(),
        Arrays.stream(runs.most).boxed().toList(),
        runs.rows);
  }

  private static char classOf(char c) {
    if (c >= 'A' && c <= 'Z') {
      return 'A';
    }
    if (c >= 'a' && c <= 'z') {
      return 'a';
    }
    return c >= '0' && c <= '9' ? '9' : c;
  }
}
