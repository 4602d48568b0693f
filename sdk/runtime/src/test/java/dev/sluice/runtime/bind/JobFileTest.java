package dev.sluice.runtime.bind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.SluiceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a job file may be. */
class JobFileTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("job.properties");
  }

  @Test
  void aKeyAndAValueOnEachLine() throws IOException {
    Files.writeString(file, "# settings\nraw = /data\n\nlake.region=eu\n");
    assertThat(JobFile.read(file)).isEqualTo(Map.of("raw", "/data", "lake.region", "eu"));
  }

  @Test
  void noKeyTwice() throws IOException {
    Files.writeString(file, "raw=/a\nraw=/b\n");
    refused("key 'raw' stands twice");
  }

  @Test
  void noMoreThanAMebibyte() throws IOException {
    Files.writeString(file, "raw=" + "x".repeat(1 << 20));
    refused("it has more than 1048576 bytes");
  }

  @Test
  void nothingButUtf8() throws IOException {
    Files.write(file, "raw=\u00e9".getBytes(StandardCharsets.ISO_8859_1));
    refused("MalformedInputException");
  }

  @Test
  void noBrokenEscape() throws IOException {
    Files.writeString(file, "raw=\\u00g1");
    refused("Malformed \\uxxxx encoding");
  }

  @Test
  void aBillionLaughsAreATextLikeAnother() throws IOException {
    Files.writeString(file, "a: &a [x, x]\nb: &b [*a, *a]\n");
    assertThat(JobFile.read(file)).isEqualTo(Map.of("a", "&a [x, x]", "b", "&b [*a, *a]"));
  }

  private void refused(String reason) {
    assertThatExceptionOfType(SluiceException.class)
        .isThrownBy(() -> JobFile.read(file))
        .withMessage(
            "Cannot read settings from %s: %s. Correct --config or --profile", file, reason)
        .returns(ErrorKind.CONFIG, SluiceException::kind);
  }
}
