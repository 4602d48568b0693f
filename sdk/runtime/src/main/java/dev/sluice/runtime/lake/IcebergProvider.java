package dev.sluice.runtime.lake;

import com.google.auto.service.AutoService;
import dev.sluice.model.Table;
import dev.sluice.model.TableFormat;
import dev.sluice.model.Write;
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
    TableIdentifier identifier = TableIdentifier.of(table.namespace(), table.shortName());
    Optional<Snapshot> snapshot =
        lake.catalogCall(
            () -> {
              try {
                return Optional.ofNullable(lake.iceberg().loadTable(identifier).currentSnapshot());
              } catch (NoSuchTableException | NoSuchNamespaceException e) {
                throw Lake.missing(table);
              }
            });
    return new PinnedTable(
        rows(lake, table, snapshot),
        lake.location(table),
        snapshot.map(found -> Long.toString(found.snapshotId())));
  }

  /** The rows of a snapshot; those of a table that has none yet, which are none. */
  static Dataset<Row> rows(LakeAccess lake, Table table, Optional<Snapshot> snapshot) {
    DataFrameReader reader = lake.spark().read();
    snapshot.ifPresent(at -> reader.option("versionAsOf", Long.toString(at.snapshotId())));
    return reader.table(Lake.CATALOG + "." + table.name());
  }
}
