package dev.sluice.runtime.lake;

import dev.sluice.model.Maintenance;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.runtime.spi.Chore;
import dev.sluice.runtime.spi.FileCatalog.Entry;
import dev.sluice.runtime.spi.FileCatalog.Partition;
import dev.sluice.runtime.spi.LakeAccess;
import java.util.List;

/** What keeps tables of plain files in order. */
final class FileChores {
  private FileChores() {}

  static Chore of(LakeAccess lake, Table table, Maintenance step) {
    if (step instanceof Maintenance.Compaction compaction) {
      requireCompared(lake, table);
      return new FileCompaction(lake, table, compaction);
    }
    if (step instanceof Maintenance.Tiering tiering) {
      return new StorageTiering(lake, tiering, () -> oldFiles(lake, table, tiering));
    }
    return step instanceof Maintenance.OrphanRemoval removal
        ? new FileOrphans(lake, table, removal)
        : new FileRetention(lake, table, (Maintenance.Retention) step);
  }

  private static List<String> oldFiles(LakeAccess lake, Table table, Maintenance.Tiering step) {
    return new FileAge(lake, table, step.partition(), step.age())
        .partitions().stream()
            .flatMap(old -> RunFolder.at(old.location(), lake.hadoop()).content(lake.hadoop()))
            .toList();
  }

  /** Without comparing, a partition that a run has just switched could be switched back. */
  private static void requireCompared(LakeAccess lake, Table table) {
    if (!table.partitions().isEmpty() && !lake.files().comparesPartitions()) {
      throw SluiceException.config(
          "Cannot maintain %s with compact: catalog %s cannot compare a partition with what it was"
              + " when it switches it, and the rows of a run could be lost. Declare an Iceberg"
              + " table, or leave compact out of its maintenance",
          table.name(), lake.config().lakeCatalog());
    }
  }

  /** The folders that hold the table's rows. */
  static List<Partition> folders(LakeAccess lake, Table table, Entry entry) {
    return table.partitions().isEmpty()
        ? List.of(new Partition(List.of(), entry.location(), 0))
        : lake.files().partitions(table);
  }
}
