package dev.sluice.runtime.lake;

import com.google.auto.service.AutoService;
import dev.sluice.model.Maintenance;
import dev.sluice.model.Table;
import dev.sluice.model.TableFormat;
import dev.sluice.model.Write;
import dev.sluice.runtime.spi.Chore;
import dev.sluice.runtime.spi.LakeAccess;
import dev.sluice.runtime.spi.PinnedTable;
import dev.sluice.runtime.spi.TableProvider;
import dev.sluice.runtime.spi.Target;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Tables of Iceberg. */
@AutoService(TableProvider.class)
public final class IcebergProvider implements TableProvider {

  @Override
  public Set<TableFormat> formats() {
    return Set.of(TableFormat.ICEBERG);
  }

  @Override
  public Target target(LakeAccess lake, Table table, Write write) {
    return new IcebergTarget(lake, table, write);
  }

  @Override
  public PinnedTable pin(LakeAccess lake, Table table) {
    return pinned(
        lake,
        table,
        lake.catalogCall(() -> Optional.ofNullable(loaded(lake, table).currentSnapshot())));
  }

  @Override
  public PinnedTable pin(LakeAccess lake, Table table, String snapshotId) {
    Snapshot snapshot =
        lake.catalogCall(() -> loaded(lake, table).snapshot(Long.parseLong(snapshotId)));
    if (snapshot == null) {
      throw Lake.expired(table, snapshotId);
    }
    return pinned(lake, table, Optional.of(snapshot));
  }

  @Override
  public Chore chore(LakeAccess lake, Table table, Maintenance step) {
    return find(lake, table)
        .map(there -> IcebergChores.of(lake, table, there, step))
        .orElseGet(() -> Chore.nothing(step));
  }

  private static PinnedTable pinned(LakeAccess lake, Table table, Optional<Snapshot> snapshot) {
    return new PinnedTable(
        rows(lake, table, snapshot),
        lake.location(table),
        snapshot.map(found -> Long.toString(found.snapshotId())));
  }

  private static org.apache.iceberg.Table loaded(LakeAccess lake, Table table) {
    return find(lake, table).orElseThrow(() -> Lake.missing(table));
  }

  private static Optional<org.apache.iceberg.Table> find(LakeAccess lake, Table table) {
    try {
      return Optional.of(
          lake.iceberg().loadTable(TableIdentifier.of(table.namespace(), table.shortName())));
    } catch (NoSuchTableException | NoSuchNamespaceException e) {
      return Optional.empty();
    }
  }

  /** The rows of a snapshot; those of a table that has none yet, which are none. */
  static Dataset<Row> rows(LakeAccess lake, Table table, Optional<Snapshot> snapshot) {
    DataFrameReader reader = lake.spark().read();
    snapshot.ifPresent(at -> reader.option("versionAsOf", Long.toString(at.snapshotId())));
    return reader.table(Lake.CATALOG + "." + table.name());
  }
}
