package dev.sluice.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page that users read says what the code does. */
class ExpectationDocsTest {
  private static final Path PAGE = Path.of("../../docs/expectations.md");

  @Test
  void thePageIsUpToDate() throws IOException {
    String page = ExpectationDocs.page();
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(PAGE, page);
    }

    assertThat(Files.readString(PAGE))
        .as("%s; run with -Dgolden.update=true and read the difference", PAGE)
        .isEqualTo(page);
  }
}
