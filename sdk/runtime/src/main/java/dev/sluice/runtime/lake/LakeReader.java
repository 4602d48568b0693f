package dev.sluice.runtime.lake;

import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.model.TableFormat;
import dev.sluice.runtime.spi.FileCatalog;
import dev.sluice.runtime.spi.FileCatalog.Partition;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Reads tables of the lake, each pinned to what it holds at that moment. */
public final class LakeReader {
  private final Lake lake;

  /** A reader of one lake. */
  public LakeReader(Lake lake) {
    this.lake = lake;
  }

  /**
   * A table as it stands now.
   *
   * @param rows its rows; a later write does not change them
   * @param uri where it is
   * @param snapshotId the snapshot that is read, where the format has snapshots
   */
  public record Pinned(Dataset<Row> rows, String uri, Optional<String> snapshotId) {}

  /** Pins a table. */
  public Pinned pin(Table table) {
    return table.format() == TableFormat.ICEBERG ? iceberg(table) : files(table);
  }

  private Pinned iceberg(Table table) {
    Optional<Snapshot> snapshot =
        lake.catalogCall(
            () -> {
              try {
                return Optional.ofNullable(
                    lake.iceberg()
                        .loadTable(TableIdentifier.of(table.namespace(), table.shortName()))
                        .currentSnapshot());
              } catch (NoSuchTableException | NoSuchNamespaceException e) {
                throw missing(table);
              }
            });
    String name = Lake.CATALOG + "." + table.name();
    Dataset<Row> rows =
        snapshot
            .map(
                s ->
                    lake.spark()
                        .read()
                        .option("versionAsOf", Long.toString(s.snapshotId()))
                        .table(name))
            .orElseGet(() -> lake.spark().read().table(name));
    return new Pinned(rows, lake.location(table), snapshot.map(s -> Long.toString(s.snapshotId())));
  }

  private Pinned files(Table table) {
    String root = lake.location(table);
    List<Partition> folders = lake.catalogCall(() -> folders(table, root));
    return new Pinned(FileReader.read(lake.spark(), table, root, folders), root, Optional.empty());
  }

  /** The folders of the partitions, or the one of a table that has none. */
  private List<Partition> folders(Table table, String root) {
    FileCatalog.Entry entry = lake.files().find(table).orElseThrow(() -> missing(table));
    List<Partition> partitions = lake.files().partitions(table);
    return partitions.isEmpty() && !entry.location().equals(root)
        ? List.of(new Partition(List.of(), entry.location(), 0))
        : partitions;
  }

  private static SluiceException missing(Table table) {
    return new SluiceException(
        dev.sluice.model.ErrorKind.SOURCE,
        String.format(
            "Cannot read table %s: the catalog does not have it. Run the job that writes it first",
            table.name()));
  }
}
