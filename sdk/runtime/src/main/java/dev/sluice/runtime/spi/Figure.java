package dev.sluice.runtime.spi;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One number about a run.
 *
 * @param name words with dots between, as {@code sluice.rows}
 * @param unit {@code s} or {@code By}; empty where it is a count
 * @param what what it says, in a sentence
 * @param value the number
 * @param attributes what tells it from others of its name
 */
public record Figure(
    String name, Optional<String> unit, String what, double value, Map<String, String> attributes) {

  /** Keeps the attributes in their order by name. */
  public Figure {
    attributes = new TreeMap<>(attributes);
  }

  /** A count. */
  public static Figure count(String name, String what, long value) {
    return new Figure(name, Optional.empty(), what, value, Map.of());
  }

  /** A time in seconds. */
  public static Figure seconds(String name, String what, double value) {
    return new Figure(name, Optional.of("s"), what, value, Map.of());
  }

  /** A size in bytes. */
  public static Figure bytes(String name, String what, long value) {
    return new Figure(name, Optional.of("By"), what, value, Map.of());
  }

  /** The same with an attribute. */
  public Figure of(String attribute, String is) {
    Map<String, String> more = new TreeMap<>(attributes);
    more.put(attribute, is);
    return new Figure(name, unit, what, value, more);
  }

  /** The number as text: a whole one without a point or an exponent. */
  public String text() {
    boolean whole = value == Math.rint(value) && Math.abs(value) < 1L << 53;
    return whole ? Long.toString((long) value) : Double.toString(value);
  }
}
