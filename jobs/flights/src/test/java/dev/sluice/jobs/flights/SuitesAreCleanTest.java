package dev.sluice.jobs.flights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.runtime.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The suites of these jobs fit the tables that they are for, and hold no obvious mistake. */
class SuitesAreCleanTest {

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"extract-flights", "extract-weather", "clean-departures", "delay-stats"})
  void theSuiteOf(String job) {
    assertThat(lint("--job", job)).endsWith(": clean\n0");
  }

  @Test
  void aColumnThatTheTableDoesNotHaveIsNamed(@TempDir Path folder) throws Exception {
    Path suite =
        Files.writeString(
            folder.resolve("s.json"),
            """
            {"name": "s", "expectations": [
              {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "carier"}}]}
            """);

    assertThat(lint(suite.toString(), "--job", "extract-flights"))
        .contains("unknown-column: column 'carier' does not exist. Did you mean 'carrier'?")
        .endsWith("\n3");
    assertThat(lint(suite.toString(), "--table", "air.flight"))
        .startsWith("Cannot check columns against table 'air.flight': no job of this image")
        .endsWith("\n2");
  }

  private static String lint(String... args) {
    String[] all = new String[args.length + 2];
    all[0] = "suite";
    all[1] = "lint";
    System.arraycopy(args, 0, all, 2, args.length);
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      System.setErr(System.out);
      int code = Main.execute(all);
      return printed.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n") + code;
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }
}
