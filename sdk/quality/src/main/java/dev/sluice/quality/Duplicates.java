package dev.sluice.quality;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which of several rows with one key a key check blames.
 *
 * @param keepFirstBy the order whose first row is kept; empty where every copy is blamed
 */
public record Duplicates(List<Order> keepFirstBy) {
  /** Every copy, as in Great Expectations. */
  public static final Duplicates ALL = new Duplicates(List.of());

  private static final Pattern ORDER =
      Pattern.compile("\\s*(.+?)(?:\\s+(asc|desc))?\\s*", Pattern.CASE_INSENSITIVE);

  /** One column of an order. */
  public record Order(String column, Direction direction) {}

  /** Which value comes first. */
  public enum Direction {
    /** The least. */
    ASCENDING,
    /** The greatest. */
    DESCENDING
  }

  /** Copies the list. */
  public Duplicates {
    keepFirstBy = List.copyOf(keepFirstBy);
  }

  /** Whether one copy of each key stays. */
  public boolean keepsFirst() {
    return !keepFirstBy.isEmpty();
  }

  /**
   * The policy that a suite states: {@code "all"} or {@code {"keepFirstBy": ["a", "b desc"]}}; that
   * of Great Expectations where it states none.
   */
  static Duplicates of(JsonNode node) {
    List<Order> order = new ArrayList<>();
    for (JsonNode one : node.path("keepFirstBy")) {
      Matcher parts = ORDER.matcher(one.asText());
      if (parts.matches()) {
        boolean descending = "desc".equalsIgnoreCase(parts.group(2));
        order.add(
            new Order(parts.group(1), descending ? Direction.DESCENDING : Direction.ASCENDING));
      }
    }
    return new Duplicates(order);
  }
}
