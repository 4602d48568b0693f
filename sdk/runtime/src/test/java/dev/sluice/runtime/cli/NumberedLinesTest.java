package dev.sluice.runtime.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NumberedLinesTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(new NumberedLines(written), true, UTF_8);

  @Test
  void everyLineHasTheNextNumber() {
    out.println("one");
    out.print("tw");
    out.print("o\nthree\n\nfive · fünf");
    out.flush();

    assertThat(written.toString(UTF_8)).isEqualTo("#1 one\n#2 two\n#3 three\n#4 \n#5 five · fünf");
  }

  @Test
  void nobodyGetsNumbersUnasked() {
    PrintStream before = System.err;
    NumberedLines.onStandardError(Map.of());

    assertThat(System.err).isSameAs(before);
  }
}
