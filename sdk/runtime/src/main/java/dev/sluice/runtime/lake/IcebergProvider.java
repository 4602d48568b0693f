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
import org.apache.iceberg.exceptions.NoSuchTableException;
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
              } catch (NoSuchTableException e) {
                throw Lake.missing(table);
              }
            });
    Optional<String> id = snapshot.map(found -> Long.toString(found.snapshotId()));
    String name = Lake.CATALOG + "." + table.name();
    Dataset<Row> rows =
        id.map(version -> lake.spark().read().option("versionAsOf", version).table(name))
            .orElseGet(() -> lake.spark().read().table(name));
    return new PinnedTable(rows, lake.location(table), id);
  }
}
