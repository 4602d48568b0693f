package dev.sluice.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.runtime.spi.Staging.Files;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FileSizesTest {
  private static final long MIB = 1 << 20;

  @Test
  void tellsOfManyFilesWhateverTheirSize() {
    assertThat(FileSizes.warnings(Optional.of(new Files(1_001, 1_001 * 512 * MIB))))
        .containsExactly(
            "1,001 files were written, and each costs who reads the table. Partition more coarsely,"
                + " by month instead of day for one");
  }

  @Test
  void tellsOfSmallFiles() {
    assertThat(FileSizes.warnings(Optional.of(new Files(240, 240 * 3 * MIB / 2))))
        .containsExactly(
            "240 files of 1.5 MiB on average were written: small ones are slow to read. Partition"
                + " more coarsely, or declare maintenance(Maintenance.compact())");
  }

  @Test
  void isSilentAboutAFewSmallFilesAndAboutLargeOnes() {
    assertThat(FileSizes.warnings(Optional.of(new Files(31, 31)))).isEmpty();
    assertThat(FileSizes.warnings(Optional.of(new Files(1_000, 1_000 * 16 * MIB)))).isEmpty();
    assertThat(FileSizes.warnings(Optional.of(new Files(0, 0)))).isEmpty();
    assertThat(FileSizes.warnings(Optional.empty())).isEmpty();
  }
}
