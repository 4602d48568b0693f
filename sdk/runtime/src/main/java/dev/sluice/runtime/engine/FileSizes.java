package dev.sluice.runtime.engine;

import dev.sluice.model.Interval;
import dev.sluice.model.JobSpec;
import dev.sluice.model.Partition;
import dev.sluice.model.Table;
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

  /** What can be said before a row is read: by the table's partitions and the interval. */
  static List<String> warnings(JobSpec spec, Optional<Interval> interval) {
    List<Partition> partitions = spec.table().map(Table::partitioning).orElse(List.of());
    long most = 1;
    for (Partition partition : partitions) {
      most = saturated(most, partition.within(interval).orElse(1));
    }
    if (most <= MANY) {
      return List.of();
    }
    return List.of(
        String.format(
            Locale.ROOT,
            "up to %,d partitions of %s are written at once, each of at least one file. Partition"
                + " more coarsely, or run shorter intervals",
            most,
            spec.target().name()));
  }

  private static long saturated(long a, long b) {
    return a > Long.MAX_VALUE / b ? Long.MAX_VALUE : a * b;
  }

  /** What is known of the files once they are written. */
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
