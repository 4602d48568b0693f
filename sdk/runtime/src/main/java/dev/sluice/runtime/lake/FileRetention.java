package dev.sluice.runtime.lake;

import dev.sluice.model.Maintenance;
import dev.sluice.model.Receipt.MaintenanceStep;
import dev.sluice.model.Table;
import dev.sluice.runtime.spi.Chore;
import dev.sluice.runtime.spi.FailPoint;
import dev.sluice.runtime.spi.FileCatalog.Partition;
import dev.sluice.runtime.spi.LakeAccess;
import java.util.List;

/**
 * Lets the catalog forget old partitions of plain files; their folders are orphans from then on.
 */
record FileRetention(LakeAccess lake, Table table, Maintenance.Retention step) implements Chore {

  @Override
  public MaintenanceStep plan() {
    return told(old());
  }

  @Override
  public MaintenanceStep run(String runId) {
    List<Partition> old = old();
    MaintenanceStep told = told(old);
    FailPoint.BEFORE_COMMIT.hit();
    if (!old.isEmpty()) {
      lake.files().drop(table, old);
    }
    FailPoint.AFTER_COMMIT.hit();
    return told;
  }

  private MaintenanceStep told(List<Partition> partitions) {
    long files = 0;
    long bytes = 0;
    long rows = 0;
    for (Partition partition : partitions) {
      RunFolder folder = RunFolder.at(partition.location(), lake.hadoop());
      files += folder.files();
      bytes += folder.bytes();
      rows += partition.rows();
    }
    return MaintenanceStep.dropped(step, files, bytes, rows);
  }

  private List<Partition> old() {
    return new FileAge(lake, table, step.partition(), step.age()).partitions();
  }
}
