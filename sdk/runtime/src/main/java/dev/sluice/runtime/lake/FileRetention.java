package dev.sluice.runtime.lake;

import dev.sluice.model.Maintenance;
import dev.sluice.model.Receipt.MaintenanceStep;
import dev.sluice.model.Table;
import dev.sluice.runtime.spi.Chore;
import dev.sluice.runtime.spi.FailPoint;
import dev.sluice.runtime.spi.FileCatalog.Partition;
import dev.sluice.runtime.spi.LakeAccess;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.spark.sql.catalyst.catalog.ExternalCatalogUtils;

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
    LocalDate oldest = Instant.now().minus(step.age()).atZone(ZoneOffset.UTC).toLocalDate();
    int column = table.partitions().indexOf(step.partition());
    return lake.files().partitions(table).stream()
        .filter(partition -> isBefore(partition.values().get(column), oldest))
        .toList();
  }

  private static boolean isBefore(String day, LocalDate oldest) {
    return !day.equals(ExternalCatalogUtils.DEFAULT_PARTITION_NAME())
        && LocalDate.parse(day).isBefore(oldest);
  }
}
