package dev.sluice.quality.profile;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.ErrorKind;
import dev.sluice.model.Json;
import dev.sluice.model.SluiceException;
import dev.sluice.quality.profile.TableProfile.Extent;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Writes down what a profile has seen as an ordinary suite, for a person to edit.
 *
 * <p>The suite holds over the rows that it was made from. What some of those rows break is asked
 * for with {@code mostly} and severity {@code warning}, so that it sends nothing to quarantine.
 */
public final class SuiteProposal {
  private SuiteProposal() {}

  /**
   * The proposal: Great Expectations' 1.x form, the same text for the same profile.
   *
   * @throws SluiceException of kind DATA where there are no rows to learn from
   */
  public static ObjectNode of(TableProfile profile) {
    if (profile.rows() == 0) {
      throw new SluiceException(
          ErrorKind.DATA,
          String.format(
              "Cannot propose a suite for %s: it has no rows. Fill it first, or profile another"
                  + " table",
              profile.name()));
    }
    List<Proposed> all = new ArrayList<>();
    rowCount(profile).ifPresent(all::add);
    for (ColumnProfile column : profile.columns()) {
      all.addAll(new ColumnProposal(column, profile.unique(column.name())).expectations());
    }
    profile.keys().stream()
        .filter(key -> key.size() > 1)
        .forEach(key -> all.add(key(profile, key)));
    ObjectNode suite = Json.mapper().createObjectNode().put("name", profile.name());
    ArrayNode notes = suite.putArray("notes");
    notes(profile).forEach(notes::add);
    ArrayNode expectations = suite.putArray("expectations");
    all.forEach(proposed -> expectations.add(proposed.node()));
    suite.putObject("meta");
    return suite;
  }

  private static Optional<Proposed> rowCount(TableProfile profile) {
    if (profile.extent() == Extent.SAMPLE) {
      return Optional.empty();
    }
    long rows = profile.rows();
    return Optional.of(
        Proposed.of("expect_table_row_count_to_be_between")
            .number("min_value", Math.max(1, Rounding.oneDigit(rows / 2.0, RoundingMode.FLOOR)))
            .number("max_value", Rounding.oneDigit(rows * 2.0, RoundingMode.CEILING))
            .warning()
            .because("%,d rows when profiled; about half to double of that", rows));
  }

  private static Proposed key(TableProfile profile, List<String> key) {
    return Proposed.of("expect_compound_columns_to_be_unique")
        .texts("column_list", key)
        .because("the declared key; no two of %,d rows agree in it", profile.rows());
  }

  private static List<String> notes(TableProfile profile) {
    List<String> notes = new ArrayList<>();
    notes.add(
        String.format(
            Locale.ROOT,
            "Proposed from %s%,d rows. It holds for those and knows no others: read every"
                + " description, then widen, narrow or delete.",
            profile.extent() == Extent.SAMPLE ? "a sample of " : "",
            profile.rows()));
    profile.columns().forEach(column -> ColumnNotes.of(column).ifPresent(notes::add));
    profile
        .uncounted()
        .forEach(
            name ->
                notes.add(
                    "Column '"
                        + name
                        + "' may be a key, but there were more such columns than are counted"
                        + " exactly."));
    return notes;
  }
}
