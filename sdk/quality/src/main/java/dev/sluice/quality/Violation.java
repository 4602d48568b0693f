package dev.sluice.quality;

/**
 * One thing that is wrong with a suite.
 *
 * @param pointer the JSON pointer into the file; {@code /} for the whole of it
 * @param line the line of the file, from 1
 * @param column the column of the line, from 1
 * @param reason what is wrong, and what was probably meant
 */
public record Violation(String pointer, int line, int column, String reason) {
  @Override
  public String toString() {
    return pointer + " (line " + line + ", column " + column + "): " + reason;
  }
}
