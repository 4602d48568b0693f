package dev.sluice.runtime.lake;

import com.google.auto.service.AutoService;
import dev.sluice.model.Maintenance;
import dev.sluice.model.Table;
import dev.sluice.model.TableFormat;
import dev.sluice.model.Write;
import dev.sluice.runtime.spi.Chore;
import dev.sluice.runtime.spi.FileCatalog;
import dev.sluice.runtime.spi.FileCatalog.Partition;
import dev.sluice.runtime.spi.Fit;
import dev.sluice.runtime.spi.LakeAccess;
import dev.sluice.runtime.spi.PinnedTable;
import dev.sluice.runtime.spi.TableProvider;
import dev.sluice.runtime.spi.Target;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Tables of plain files. */
@AutoService(TableProvider.class)
public final class FileProvider implements TableProvider {

  @Override
  public Set<TableFormat> formats() {
    return Set.of(TableFormat.PARQUET, TableFormat.ORC, TableFormat.AVRO);
  }

  @Override
  public Target target(LakeAccess lake, Table table, Write write) {
    return new FileTarget(lake, table, write);
  }

  @Override
  public PinnedTable pin(LakeAccess lake, Table table) {
    String root = lake.location(table);
    FileCatalog.Entry entry =
        lake.catalogCall(() -> lake.files().find(table).orElseThrow(() -> Lake.missing(table)));
    List<Partition> folders = lake.catalogCall(() -> folders(lake, table, root, entry));
    Table there = new Fit(common(table, entry)).landing(table);
    return new PinnedTable(
        FileReader.read(lake.spark(), there, root, folders), root, Optional.empty());
  }

  /** The types that the files have, which may be others than a reader declares. */
  private static Map<String, String> common(Table table, FileCatalog.Entry entry) {
    Map<String, String> types = new HashMap<>(entry.columns());
    types.keySet().retainAll(table.columnNames());
    return types;
  }

  @Override
  public Chore chore(LakeAccess lake, Table table, Maintenance step) {
    return FileChores.of(lake, table, step);
  }

  /** The folders of the partitions, or the one of a table that has none. */
  private static List<Partition> folders(
      LakeAccess lake, Table table, String root, FileCatalog.Entry entry) {
    List<Partition> partitions = lake.files().partitions(table);
    return partitions.isEmpty() && !entry.location().equals(root)
        ? List.of(new Partition(List.of(), entry.location(), 0))
        : partitions;
  }
}
