package dev.sluice.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Files that show in a review what users will see.
 *
 * <p>{@code -Dgolden.update=true} writes them anew; the diff is then the thing to read.
 */
public final class Golden {
  private static final Path FOLDER = Path.of("src/test/resources/dev/sluice/quality/golden");

  private Golden() {}

  /** Asserts that a text is the golden one, to the letter. */
  public static void assertSame(String file, String actual) {
    Path path = FOLDER.resolve(file);
    try {
      if (Boolean.getBoolean("golden.update")) {
        Files.createDirectories(FOLDER);
        Files.writeString(path, actual);
      }
      assertThat(actual)
          .as("%s; if the change is wanted, run with -Dgolden.update=true", path)
          .isEqualTo(Files.readString(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
