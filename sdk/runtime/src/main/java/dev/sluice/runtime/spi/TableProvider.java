package dev.sluice.runtime.spi;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.Maintenance;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.model.TableFormat;
import dev.sluice.model.Write;
import java.util.Map;
import java.util.Set;

/** Publishes and reads the tables of some formats. */
public interface TableProvider {

  /** The formats. */
  Set<TableFormat> formats();

  /** The target that publishes into a table; the write is one that its format can take. */
  Target target(LakeAccess lake, Table table, Write write);

  /**
   * The table as it stands now.
   *
   * @throws dev.sluice.model.SluiceException of kind SOURCE where the catalog does not have it
   */
  PinnedTable pin(LakeAccess lake, Table table);

  /**
   * The table as it stood in a snapshot.
   *
   * @throws dev.sluice.model.SluiceException of kind SOURCE where that is no longer kept
   */
  default PinnedTable pin(LakeAccess lake, Table table, String snapshotId) {
    throw new SluiceException(
        ErrorKind.SOURCE,
        String.format(
            "Cannot read table %s as it was in snapshot %s: tables of %s keep no snapshots. Run"
                + " without pinned inputs",
            table.name(), snapshotId, table.format().word()));
  }

  /**
   * A step of maintenance of a table; one that its format can take.
   *
   * @see dev.sluice.model.Capability#require(Table, Maintenance)
   */
  default Chore chore(LakeAccess lake, Table table, Maintenance step) {
    throw new IllegalStateException(table.format().word() + " tables can " + step.step() + " not");
  }

  /** What the session must be told before it starts; values of one key are joined by commas. */
  default Map<String, String> session() {
    return Map.of();
  }
}
