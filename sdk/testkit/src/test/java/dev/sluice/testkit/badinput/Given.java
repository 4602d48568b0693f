package dev.sluice.testkit.badinput;

import dev.sluice.model.Source;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/**
 * One kind of input, as a file and how it is read.
 *
 * @param what the input in a few words, for the page
 * @param file the file's name
 * @param bytes what the file holds
 * @param source what reads it, without an address
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares two of them
record Given(String what, String file, byte[] bytes, Source.Files source) {

  /** A CSV file of orders. */
  static Given csv(String what, String text) {
    return csv(what, "orders.csv", text.getBytes(StandardCharsets.UTF_8));
  }

  static Given csv(String what, String file, byte[] bytes) {
    return new Given(
        what,
        file,
        bytes,
        Source.csv("").column("id", "int").column("amount", "double").column("region", "string"));
  }

  /** A CSV file with one more column, {@code v}, behind {@code id}, that holds one value. */
  static Given value(String what, String type, String text) {
    byte[] bytes = ("id,v\n1," + text + "\n").getBytes(StandardCharsets.UTF_8);
    return new Given(
        what, "values.csv", bytes, Source.csv("").column("id", "int").column("v", type));
  }

  /** JSON lines with the columns {@code id} and {@code v}. */
  static Given json(String what, String type, String text) {
    return json(what, type, text.getBytes(StandardCharsets.UTF_8));
  }

  static Given json(String what, String type, byte[] bytes) {
    return new Given(
        what, "lines.json", bytes, Source.json("").column("id", "int").column("v", type));
  }

  /** The same, read as CSV in another way. */
  Given read(UnaryOperator<Source.Csv> how) {
    return new Given(what, file, bytes, how.apply((Source.Csv) source));
  }
}
