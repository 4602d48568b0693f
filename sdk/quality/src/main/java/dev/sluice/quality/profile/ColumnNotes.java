package dev.sluice.quality.profile;

import dev.sluice.quality.profile.ColumnProfile.Spread;
import java.util.Optional;

/** What a person should know of a column that no expectation can say. */
final class ColumnNotes {
  private ColumnNotes() {}

  static Optional<String> of(ColumnProfile column) {
    if (column.present() == 0) {
      return Optional.of(about(column, "is always null; only its type is asked for."));
    }
    if (column.kind() == Kind.OTHER) {
      return Optional.of(about(column, "was looked at only for nulls, not inside its values."));
    }
    boolean couldBeWhole =
        (column.kind() == Kind.FLOATING || column.kind() == Kind.DECIMAL)
            && column.spread().map(Spread::allWhole).orElse(false);
    return couldBeWhole
        ? Optional.of(about(column, "holds only whole numbers."))
        : Optional.empty();
  }

  private static String about(ColumnProfile column, String what) {
    return String.format("Column '%s' (%s) %s", column.name(), column.type().simpleString(), what);
  }
}
