package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.model.Json;
import dev.sluice.runtime.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands about suites, as a person at a terminal sees them. */
class SuiteCommandTest {
  private static final String CLEAN =
      """
      {"expectation_suite_name": "s", "expectations": [
        {"expectation_type": "expect_column_values_to_be_between",
         "kwargs": {"column": "a", "min_value": {"$PARAMETER": "least"}, "max_value": 9,
                    "parse_strings_as_datetimes": true}}]}
      """;

  private static final String ODD =
      """
      {"name": "s", "suite_parameters": {"least": 5}, "expectations": [
        {"type": "expect_column_values_to_be_between",
         "kwargs": {"column": "a", "min_value": {"$PARAMETER": "least"}, "max_value": 3}},
        {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "a", "mostly": 0}}]}
      """;

  private static final String BROKEN =
      """
      {"name": "s", "expectations": [
        {"type": "expect_column_values_to_not_be_null", "kwargs": {"colum": "a"}}]}
      """;

  @TempDir private Path folder;
  private String clean;
  private String odd;
  private String broken;

  /** What a command printed, and how it ended. */
  private record Ended(int code, String out, String err) {}

  @BeforeEach
  void suites() throws IOException {
    clean = Files.writeString(folder.resolve("clean.json"), CLEAN).toString();
    odd = Files.writeString(folder.resolve("odd.json"), ODD).toString();
    broken = Files.writeString(folder.resolve("broken.json"), BROKEN).toString();
  }

  @Test
  void lintOfASuiteWithoutMistakesEndsWith0() {
    assertThat(sluice("suite", "lint", clean, "--parameter", "least=1"))
        .isEqualTo(
            new Ended(
                0,
                clean
                    + ": clean\n  warning: /expectations/0/kwargs: parse_strings_as_datetimes is"
                    + " ignored, as in 1.x\n",
                ""));
  }

  @Test
  void lintThatFindsSomethingEndsWith3() {
    assertThat(sluice("suite", "lint", odd))
        .isEqualTo(
            new Ended(
                3,
                odd
                    + ": 2 findings\n"
                    + "  column_values_to_be_between.a: always-fails: nothing is between min_value"
                    + " and max_value. Widen the range\n"
                    + "  column_values_to_not_be_null.a: never-fails: mostly is 0. Give the share"
                    + " of rows that must pass\n",
                ""));
  }

  @Test
  void lintOfASuiteThatCannotBeUsedEndsWith2AndSaysWhatOfTheOthers() {
    Ended ended = sluice("suite", "lint", broken, odd);

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.out())
        .contains(
            "  /expectations/0/kwargs/colum (line 2, column 62): unknown kwarg 'colum'. Did you"
                + " mean 'column'?\n")
        .contains(odd + ": 2 findings");
  }

  @Test
  void lintPrintsJson() throws IOException {
    JsonNode printed = Json.mapper().readTree(sluice("suite", "lint", odd, "--json").out());

    assertThat(printed.at("/0/suite").asText()).isEqualTo(odd);
    assertThat(printed.at("/0/findings/0/rule").asText()).isEqualTo("always-fails");
    assertThat(printed.at("/0/findings/0/expectation").asText())
        .isEqualTo("column_values_to_be_between.a");
  }

  @Test
  void lintOfNothingIsRefused() {
    assertThat(sluice("suite", "lint"))
        .isEqualTo(
            new Ended(2, "", "Cannot lint suites: none is named. Name a SUITE, or a --job\n"));
  }

  @Test
  void diffEndsWith1WhereSuitesAskDifferently() {
    assertThat(sluice("suite", "diff", clean, odd, "--parameter", "least=5"))
        .isEqualTo(
            new Ended(
                1,
                """
                + column_values_to_not_be_null.a {"column":"a","mostly":0}
                ~ column_values_to_be_between.a
                    kwargs.max_value: 9 → 3
                """,
                ""));
  }

  @Test
  void diffEndsWith0WhereSuitesAskTheSame() throws IOException {
    Ended ended = sluice("suite", "diff", odd, odd, "--json");

    assertThat(ended.code()).isZero();
    assertThat(Json.mapper().readTree(ended.out()).get("changed")).isEmpty();
  }

  @Test
  void diffOfASuiteThatCannotBeUsedEndsWith2() {
    Ended ended = sluice("suite", "diff", odd, broken);

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err()).startsWith("Cannot use suite " + broken + ": 2 violations.");
  }

  @Test
  void checkSuiteShowsWarnings() {
    assertThat(sluice("check-suite", clean, "--parameter", "least=2"))
        .isEqualTo(
            new Ended(
                0,
                clean
                    + ": 1 checks, ok\n  warning: /expectations/0/kwargs:"
                    + " parse_strings_as_datetimes is ignored, as in 1.x\n",
                ""));
    assertThat(sluice("check-suite", clean).out())
        .contains("unknown parameter 'least'. Neither suite_parameters nor the caller give any");
  }

  @ParameterizedTest(name = "sluice suite {0} --help")
  @ValueSource(strings = {"lint", "diff"})
  void everyCommandHasHelp(String command) {
    Ended ended = sluice("suite", command, "--help");

    assertThat(ended.code()).isZero();
    assertThat(ended.out()).contains("Usage: sluice suite " + command).contains("Exit codes: 0 ");
  }

  private static Ended sluice(String... args) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    ByteArrayOutputStream complained = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
      int code = Main.execute(args);
      return new Ended(code, text(printed), text(complained));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }
}
