package dev.sluice.runtime.engine;

import dev.sluice.runtime.spi.Staging;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Tells where a run writes more files, or smaller ones, than those who read them would like. */
final class FileSizes {
  private static final long MANY = 1_000;
  private static final long SMALL = 16L << 20;

  /** Fewer small files than this do nobody harm: every small table has some. */
  private static final long SOME = 32;

  private FileSizes() {}

  static List<String> warnings(Optional<Staging.Files> written) {
    List<String> warnings = new ArrayList<>();
    written.ifPresent(
        files -> {
          if (files.count() > MANY) {
            warnings.add(
                String.format(
                    Locale.ROOT,
                    "%,d files were written, and each costs who reads the table. Partition more"
                        + " coarsely, by month instead of day for one",
                    files.count()));
          } else if (files.count() >= SOME && files.bytes() / files.count() < SMALL) {
            warnings.add(
                String.format(
                    Locale.ROOT,
                    "%,d files of %s on average were written: small ones are slow to read. Partition"
                        + " more coarsely, or declare maintenance(Maintenance.compact())",
                    files.count(),
                    size(files.bytes() / files.count())));
          }
        });
    return warnings;
  }

  private static String size(long bytes) {
    return bytes < 1 << 20
        ? String.format(Locale.ROOT, "%.1f KiB", bytes / 1024.0)
        : String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0);
  }
}
