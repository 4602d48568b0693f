package dev.sluice.testkit;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;

/** Rows as tests write them: values separated by commas, an empty one for null. */
final class RowTexts {
  /** A comma that stands outside of quotes. */
  private static final Pattern COMMA = Pattern.compile(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)");

  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?([eE][-+]?\\d+)?");

  private RowTexts() {}

  /** The cells of a line. */
  static List<String> cells(String line) {
    return Arrays.stream(COMMA.split(line, -1)).map(String::strip).toList();
  }

  /** Expected lines in the form in which found ones come. */
  static List<String> canonical(List<String> lines) {
    return lines.stream()
        .map(
            line ->
                cells(line).stream()
                    .map(cell -> canonical(unquoted(cell)))
                    .collect(Collectors.joining(",")))
        .toList();
  }

  /** Rows in the same form, of these columns. */
  static List<String> of(List<Row> rows, List<String> columns) {
    return rows.stream()
        .map(
            row ->
                columns.stream()
                    .map(name -> row.<Object>getAs(name))
                    .map(value -> value == null ? "" : canonical(value.toString()))
                    .collect(Collectors.joining(",")))
        .toList();
  }

  /** One list without the elements of another, each as often as it is there. */
  static List<String> without(List<String> lines, List<String> others) {
    List<String> left = new ArrayList<>(lines);
    others.forEach(left::remove);
    return left;
  }

  /** A number is the same however many zeros it ends in. */
  private static String canonical(String cell) {
    return NUMBER.matcher(cell).matches()
        ? new BigDecimal(cell).stripTrailingZeros().toPlainString()
        : cell;
  }

  private static String unquoted(String cell) {
    return cell.length() > 1 && cell.startsWith("\"") && cell.endsWith("\"")
        ? cell.substring(1, cell.length() - 1).replace("\"\"", "\"")
        : cell;
  }
}
