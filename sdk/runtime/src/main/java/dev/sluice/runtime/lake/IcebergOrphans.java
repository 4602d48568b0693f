package dev.sluice.runtime.lake;

import dev.sluice.model.Maintenance;
import dev.sluice.model.Receipt.MaintenanceStep;
import dev.sluice.model.Table;
import dev.sluice.runtime.spi.Chore;
import dev.sluice.runtime.spi.LakeAccess;
import java.util.List;
import java.util.function.Consumer;
import org.apache.iceberg.actions.DeleteOrphanFiles.PrefixMismatchMode;
import org.apache.iceberg.spark.actions.SparkActions;

/**
 * Removes files of an Iceberg table that no snapshot names, staged ones among them, and what runs
 * that merge have left in their staging folders.
 *
 * <p>A file that the table names by another address ends the step: it would look like an orphan.
 */
record IcebergOrphans(
    LakeAccess lake, Table table, org.apache.iceberg.Table there, Maintenance.OrphanRemoval step)
    implements Chore {

  @Override
  public MaintenanceStep plan() {
    Removal counted = new Removal(there.io());
    find(counted::count);
    return told(counted, stagings());
  }

  @Override
  public MaintenanceStep run(String runId) {
    Removal removal = new Removal(there.io());
    find(removal);
    List<RunFolder> stagings = stagings();
    stagings.forEach(folder -> folder.remove(lake.hadoop()));
    return told(removal, stagings);
  }

  private void find(Consumer<String> orphans) {
    SparkActions.get(lake.spark())
        .deleteOrphanFiles(there)
        .olderThan(IcebergChores.before(step.age()))
        .prefixMismatchMode(PrefixMismatchMode.ERROR)
        .deleteWith(orphans)
        .execute();
  }

  private List<RunFolder> stagings() {
    return MergeStaging.left(lake, table, step.age());
  }

  private MaintenanceStep told(Removal files, List<RunFolder> stagings) {
    return MaintenanceStep.removed(
        step,
        files.files() + stagings.stream().mapToLong(RunFolder::files).sum(),
        files.bytes() + stagings.stream().mapToLong(RunFolder::bytes).sum());
  }
}
