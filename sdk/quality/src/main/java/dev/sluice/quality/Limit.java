package dev.sluice.quality;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Locale;

/** How many rows an expectation may send to quarantine before the run is refused. */
public sealed interface Limit {
  /** The limit that holds where a suite names none: 5 %. */
  static Limit usual() {
    return new Share(0.05);
  }

  /**
   * A share of all rows.
   *
   * @param share 0 to 1
   */
  record Share(double share) implements Limit {
    /** Checks the range. */
    public Share {
      if (!(share >= 0 && share <= 1)) {
        throw new IllegalArgumentException(share + " is not a share from 0 to 1");
      }
    }
  }

  /** A number of rows, however many there are in all. */
  record Rows(long rows) implements Limit {
    /** Checks the range. */
    public Rows {
      if (rows < 0) {
        throw new IllegalArgumentException(rows + " is not a number of rows");
      }
    }
  }

  /** Whether so many failing rows of all are allowed; of no rows none fail. */
  default boolean holds(long failing, long all) {
    if (this instanceof Rows limit) {
      return failing <= limit.rows();
    }
    return all == 0 || (double) failing / all <= ((Share) this).share();
  }

  /** The limit for people: {@code 5.00 %} or {@code 100 rows}. */
  default String text() {
    if (this instanceof Rows limit) {
      return limit.rows() == 1 ? "1 row" : limit.rows() + " rows";
    }
    return String.format(Locale.ROOT, "%.2f %%", ((Share) this).share() * 100);
  }

  /**
   * The limit that a suite states: {@code 0.02}, {@code "2 %"} or {@code {"rows": 100}}.
   *
   * @throws IllegalArgumentException where it states none
   */
  static Limit of(JsonNode node) {
    if (node.isNumber()) {
      return new Share(node.asDouble());
    }
    if (node.path("rows").isIntegralNumber()) {
      return new Rows(node.get("rows").asLong());
    }
    if (node.isTextual() && node.asText().strip().endsWith("%")) {
      String number = node.asText().replace("%", "").strip();
      return new Share(new BigDecimal(number).movePointLeft(2).doubleValue());
    }
    throw new IllegalArgumentException(
        node + " is no limit; write 0.02, \"2 %\" or {\"rows\": 100}");
  }
}
