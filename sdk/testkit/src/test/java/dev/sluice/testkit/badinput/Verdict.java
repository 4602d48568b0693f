package dev.sluice.testkit.badinput;

import dev.sluice.model.Receipt.PinnedFile;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Source;
import dev.sluice.runtime.route.RowLayout;
import dev.sluice.runtime.source.Pins;
import dev.sluice.runtime.source.SourceReader;
import dev.sluice.runtime.source.Unreadable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What became of an input.
 *
 * @param ending accepted, quarantined or refused, with what of it
 * @param message why, where it was not accepted
 */
record Verdict(String ending, String message) {
  private static final String NAME = "orders";

  /** Puts the input into a folder and reads it. */
  static Verdict of(Given given, SparkSession spark, Path folder) {
    Path file = folder.resolve(given.file());
    try {
      Files.write(file, given.bytes());
      return read(given.source(), spark, file.toUri().toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      file.toFile().delete();
    }
  }

  private static Verdict read(Source.Files source, SparkSession spark, String uri) {
    try {
      List<Row> rows = rows(source, spark, uri, Unreadable.KEPT).collectAsList();
      long bad = rows.stream().filter(Verdict::isUnreadable).count();
      String good = good(source, rows);
      return bad == 0
          ? new Verdict("accepted: " + good, "")
          : new Verdict(
              String.format("%d quarantined; accepted: %s", bad, good),
              refusal(source, spark, uri)
                  .getMessage()
                  .replace(uri, "FILE")
                  .replace(uri.replace("///", "/"), "FILE"));
    } catch (Exception e) { // Scala throws checked ones undeclared
      SluiceException refused = known(e);
      return new Verdict(
          String.format("refused: exit code %d (%s)", refused.exitCode().value(), refused.kind()),
          shown(refused, uri));
    }
  }

  /** What is told, without what differs from one machine to the next. */
  private static String shown(SluiceException told, String uri) {
    return told.getMessage()
        .replace(uri, "FILE")
        .replace(uri.replace("///", "/"), "FILE")
        .replaceAll("its \\d+ bytes inflate", "its N bytes inflate");
  }

  private static Dataset<Row> rows(
      Source.Files source, SparkSession spark, String uri, Unreadable unreadable) {
    SourceReader reader = SourceReader.of(spark, NAME, source, source.columns(), unreadable);
    List<PinnedFile> files = Pins.of(spark.sessionState().newHadoopConf(), NAME, uri);
    return reader.read(files);
  }

  /** What a lookup ends with, which may not lose a record. */
  private static SluiceException refusal(Source.Files source, SparkSession spark, String uri) {
    try {
      rows(source, spark, uri, Unreadable.REFUSED).collectAsList();
      throw new AssertionError("quarantined where it may be, and not refused where it may not");
    } catch (Exception e) { // Scala throws checked ones undeclared
      return known(e);
    }
  }

  /** Anything else is a crash. */
  private static SluiceException known(Exception thrown) {
    for (Throwable link = thrown; link != null; link = link.getCause()) {
      if (link instanceof SluiceException known) {
        return known;
      }
    }
    throw new AssertionError("neither accepted nor refused", thrown);
  }

  private static boolean isUnreadable(Row row) {
    int raw = Arrays.asList(row.schema().fieldNames()).indexOf(RowLayout.RAW);
    return raw >= 0 && !row.isNullAt(raw);
  }

  private static String good(Source.Files source, List<Row> rows) {
    List<Row> good = rows.stream().filter(row -> !isUnreadable(row)).toList();
    if (good.size() > 3) {
      return good.size() + " rows";
    }
    Optional<String> values =
        good.stream()
            .map(row -> values(row, source.columns().size()))
            .reduce((one, other) -> one + ", " + other);
    return values.map(text -> "`" + text + "`").orElse("no rows");
  }

  private static String values(Row row, int width) {
    StringBuilder text = new StringBuilder("(");
    for (int i = 0; i < width; i++) {
      Object value = row.get(i);
      text.append(i == 0 ? "" : ", ").append(value instanceof String s ? "\"" + s + "\"" : value);
    }
    return text.append(")").toString();
  }
}
