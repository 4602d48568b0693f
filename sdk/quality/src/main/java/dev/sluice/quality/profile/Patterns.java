package dev.sluice.quality.profile;

import dev.sluice.quality.profile.ColumnProfile.Texts;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A regular expression for the shapes that texts have.
 *
 * @param regex the expression
 * @param rows how many rows match it, at least
 * @param shapes the shapes it stands for, for people
 */
record Patterns(String regex, long rows, String shapes) {
  private static final int MOST = 3;
  private static final BigDecimal ENOUGH = new BigDecimal("0.99");

  /** The expression; empty where the texts are words rather than codes, or too varied. */
  static Optional<Patterns> of(Texts texts, long present) {
    List<Shape> chosen = new ArrayList<>();
    long rows = 0;
    for (Shape shape : texts.shapes()) {
      if (chosen.size() == MOST || rows == present || enough(rows, present)) {
        break;
      }
      chosen.add(shape);
      rows += shape.rows();
    }
    // With just a handful of shapes all of them are wanted: a rare code is no error.
    if (texts.shapes().size() <= MOST) {
      chosen = texts.shapes();
      rows = chosen.stream().mapToLong(Shape::rows).sum();
    }
    boolean codes = chosen.stream().allMatch(shape -> shape.hasDigits() || shape.fixed());
    return codes && !chosen.isEmpty() && (rows == present || enough(rows, present))
        ? Optional.of(new Patterns(regex(chosen), rows, names(chosen)))
        : Optional.empty();
  }

  private static boolean enough(long rows, long present) {
    return Rounding.share(rows, present).compareTo(ENOUGH) >= 0;
  }

  private static String regex(List<Shape> shapes) {
    String all = shapes.stream().map(Shape::regex).collect(Collectors.joining("|"));
    return shapes.size() == 1 ? "^" + all + "$" : "^(?:" + all + ")$";
  }

  private static String names(List<Shape> shapes) {
    return shapes.stream()
        .map(shape -> shape.classes().isEmpty() ? "nothing" : shape.classes())
        .collect(Collectors.joining(", "));
  }
}
