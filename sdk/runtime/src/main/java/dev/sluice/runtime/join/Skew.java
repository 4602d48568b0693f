package dev.sluice.runtime.join;

import dev.sluice.model.SluiceException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** What a join does about keys that have far more rows than others. */
public sealed interface Skew {

  /** Looks at sizes and keys, and decides; what a join does where nothing is said. */
  static Skew auto() {
    return new Auto();
  }

  /** Joins as Spark does by itself. */
  static Skew off() {
    return new Off();
  }

  /**
   * Spreads the rows of every key over so many parts, and repeats the other side in each.
   *
   * @param parts from 2 to 1,000
   */
  static Skew salt(int parts) {
    if (parts < 2 || parts > 1_000) {
      throw SluiceException.config(
          "Cannot spread keys over %d parts: there are to be from 2 to 1000. Correct Skew.salt(…)",
          parts);
    }
    return new Salt(parts);
  }

  /** Spreads the rows of these keys, of a join on one column; null is a key like others. */
  static Skew hot(Object... values) {
    return new Hot(Collections.unmodifiableList(new ArrayList<>(Arrays.asList(values))));
  }

  /** {@link #auto()}. */
  record Auto() implements Skew {}

  /** {@link #off()}. */
  record Off() implements Skew {}

  /** {@link #salt(int)}. */
  record Salt(int parts) implements Skew {}

  /** {@link #hot(Object...)}. */
  record Hot(List<Object> values) implements Skew {}
}
