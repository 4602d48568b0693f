package dev.sluice.quality.condition;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Reads a {@code row_condition} in each of the forms that Great Expectations has had. */
public final class ConditionParser {
  /** How many comparisons one condition may hold, as in Great Expectations. */
  public static final int MOST_LEAVES = 100;

  /** The grammar that a text has where no {@code condition_parser} says otherwise. */
  public static final String USUAL = "great_expectations";

  private static final List<String> NAMES =
      List.of(USUAL, "great_expectations__experimental__", "pandas", "spark");

  private ConditionParser() {}

  /** What {@code condition_parser} may say. */
  public static List<String> names() {
    return NAMES;
  }

  /**
   * Reads a condition.
   *
   * @param condition a text, or an object in the form of Great Expectations 1.x
   * @param parser one of {@link #names()}; an object does not need it
   * @throws ConditionException where it cannot be read, with the place
   */
  public static Condition parse(JsonNode condition, String parser) {
    Condition parsed =
        condition.isTextual() ? text(condition.asText(), parser) : ConditionObject.read(condition);
    long leaves = parsed.leaves().count();
    if (leaves > MOST_LEAVES) {
      throw ConditionException.in(
          "", "holds " + leaves + " comparisons, and " + MOST_LEAVES + " is the most");
    }
    return parsed;
  }

  private static Condition text(String text, String parser) {
    if (text.isBlank()) {
      throw ConditionException.in("", "is empty. Leave it out, or name the rows");
    }
    return switch (parser) {
      case "spark" -> new Condition.PassThrough(text);
      case "pandas" -> new Grammar(text, Dialect.PANDAS).condition();
      default -> new Grammar(text, Dialect.GREAT_EXPECTATIONS).condition();
    };
  }
}
