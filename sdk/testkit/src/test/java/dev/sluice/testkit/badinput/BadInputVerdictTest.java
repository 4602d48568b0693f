package dev.sluice.testkit.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.runtime.lake.Lake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every kind of bad file, and what becomes of it: a change of a verdict is seen in a review. */
class BadInputVerdictTest {
  private static final Path PAGE = Path.of("../../docs/bad-input.md");

  @TempDir private Path folder;
  private Lake lake;

  @BeforeEach
  void open() {
    lake =
        Lake.open(
            Map.of(
                "spark.cores", "2", "lake.warehouse", folder.resolve("lake").toUri().toString()));
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  @Timeout(300)
  void theVerdictsAreThoseOfThePage() throws IOException {
    Map<String, List<Given>> sections = new LinkedHashMap<>();
    sections.put("CSV: records", CsvCases.records());
    sections.put("CSV: encodings", CsvCases.encodings());
    sections.put("CSV: files and headers", CsvCases.headers());
    sections.put("CSV: values", CsvCases.values());
    sections.put("Compressed text", CsvCases.compressed());
    sections.put("JSON lines", JsonCases.all());
    sections.put("Parquet, ORC and Avro", new ColumnarCases(lake.spark(), folder).all());

    String page =
        Prose.BEFORE
            + sections.entrySet().stream()
                .map(section -> table(section.getKey(), section.getValue()))
                .collect(Collectors.joining("\n"))
            + Prose.AFTER;
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(PAGE, page);
    }

    assertThat(Files.readString(PAGE))
        .as("%s; run with -Dgolden.update=true and read the difference", PAGE)
        .isEqualTo(page);
  }

  private String table(String title, List<Given> inputs) {
    return "## "
        + title
        + "\n\n| input | as the first read | message |\n|---|---|---|\n"
        + inputs.stream().map(this::row).collect(Collectors.joining());
  }

  private String row(Given given) {
    Verdict verdict = Verdict.of(given, lake.spark(), folder);
    String what =
        given.source() instanceof dev.sluice.model.Source.Columnar columnar
            ? columnar.kind() + ": " + given.what()
            : given.what();
    return String.format(
        "| %s | %s | %s |\n", what, shown(verdict.ending()), shown(verdict.message()));
  }

  /** A cell of the page: on one line, and of bearable length. */
  private static String shown(String text) {
    String line =
        text.replace("|", "\\|")
            .replace("\n", "⏎")
            .replace("\r", "␍")
            .replace("\0", "␀")
            .replace("\u202E", "⟨U+202E⟩");
    return line.length() <= 300 ? line : line.substring(0, 300) + "…";
  }
}
