package dev.sluice.testkit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What a test makes instead of having it as a file: suites of many checks, orders of many rows. */
final class Given {
  private Given() {}

  /** Puts a suite where jobs look for it by name. */
  static void suite(String name, ObjectNode suite) {
    try {
      Path folder = Path.of(Given.class.getResource("/suites").toURI());
      Files.writeString(folder.resolve(name + ".json"), suite.toPrettyString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Puts so many lines of orders, {@code id,amount,region}, into the job's inbox. */
  static void orders(JobHarness job, int rows, IntFunction<String> line) {
    Stream<String> lines =
        Stream.concat(Stream.of("id,amount,region"), IntStream.range(0, rows).mapToObj(line));
    job.file("orders.csv", lines.toArray(String[]::new)).set("inbox", job.folder().toString());
  }
}
