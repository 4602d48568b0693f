package dev.sluice.runtime.join;

import dev.sluice.model.Nearest;
import dev.sluice.model.SluiceException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;

/** The columns that two frames are joined on, which both have. */
record Keys(List<String> names) {
  @Override
  public String toString() {
    return String.join(", ", names);
  }

  void require(Kind kind, Dataset<Row> left, Dataset<Row> right) {
    require("left", left);
    require("right", right);
    if (kind.hasBoth()) {
      requireOneOfEach(left, right);
    }
  }

  private void require(String side, Dataset<Row> rows) {
    for (String name : names) {
      if (Arrays.stream(rows.columns()).noneMatch(name::equalsIgnoreCase)) {
        throw SluiceException.config(
            "Cannot join on %s: the %s side has no column '%s'. %s. Correct the name, or rename the"
                + " column",
            this, side, name, Nearest.hint(name, List.of(rows.columns())));
      }
    }
  }

  private void requireOneOfEach(Dataset<Row> left, Dataset<Row> right) {
    Set<String> others = lower(left);
    others.removeAll(names.stream().map(Keys::lower).toList());
    others.retainAll(lower(right));
    if (!others.isEmpty()) {
      throw SluiceException.config(
          "Cannot join on %s: both sides have columns %s besides, and nobody could tell which is"
              + " meant. Rename or drop those of one side",
          this, others);
    }
  }

  private static Set<String> lower(Dataset<Row> rows) {
    return Arrays.stream(rows.columns())
        .map(Keys::lower)
        .collect(Collectors.toCollection(java.util.TreeSet::new));
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** Why equal keys need not have the same hash; empty where they have. */
  Optional<String> unlike(Dataset<Row> left, Dataset<Row> right) {
    for (String name : names) {
      String one = type(left, name).catalogString();
      String other = type(right, name).catalogString();
      if (!one.equals(other)) {
        return Optional.of(
            String.format("'%s' is %s on the left and %s on the right", name, one, other));
      }
      if (one.contains(" collate ")) {
        return Optional.of(String.format("'%s' is %s, of which unlike texts are equal", name, one));
      }
    }
    return Optional.empty();
  }

  static DataType type(Dataset<Row> rows, String name) {
    return Arrays.stream(rows.schema().fields())
        .filter(field -> field.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow()
        .dataType();
  }
}
