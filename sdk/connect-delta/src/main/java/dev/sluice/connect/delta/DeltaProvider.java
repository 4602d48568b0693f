package dev.sluice.connect.delta;

import com.google.auto.service.AutoService;
import dev.sluice.model.Maintenance;
import dev.sluice.model.Table;
import dev.sluice.model.TableFormat;
import dev.sluice.model.Write;
import dev.sluice.runtime.lake.Lake;
import dev.sluice.runtime.spi.Chore;
import dev.sluice.runtime.spi.LakeAccess;
import dev.sluice.runtime.spi.PinnedTable;
import dev.sluice.runtime.spi.TableProvider;
import dev.sluice.runtime.spi.Target;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Tables of Delta. */
@AutoService(TableProvider.class)
public final class DeltaProvider implements TableProvider {

  @Override
  public Set<TableFormat> formats() {
    return Set.of(TableFormat.DELTA);
  }

  @Override
  public Target target(LakeAccess lake, Table table, Write write) {
    return new DeltaTarget(lake, table, write);
  }

  @Override
  public PinnedTable pin(LakeAccess lake, Table table) {
    if (lake.catalogCall(() -> lake.files().find(table)).isEmpty()) {
      throw Lake.missing(table);
    }
    DeltaView there = DeltaView.latest(lake, table).orElseThrow(() -> Lake.missing(table));
    return pinned(lake, table, there);
  }

  @Override
  public PinnedTable pin(LakeAccess lake, Table table, String snapshotId) {
    return pinned(lake, table, DeltaView.at(lake, table, Long.parseLong(snapshotId)));
  }

  private static PinnedTable pinned(LakeAccess lake, Table table, DeltaView view) {
    return new PinnedTable(
        view.rows(), lake.location(table), Optional.of(Long.toString(view.version())));
  }

  @Override
  public Chore chore(LakeAccess lake, Table table, Maintenance step) {
    return DeltaChores.of(lake, table, step);
  }

  @Override
  public Map<String, String> session() {
    return Map.of(
        "spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension",
        "spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog",
        // Fifty by default, each a task whenever the table is looked at: a run has a few cores.
        "spark.databricks.delta.snapshotPartitions", "4");
  }
}
