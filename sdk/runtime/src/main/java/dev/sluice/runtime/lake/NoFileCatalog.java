package dev.sluice.runtime.lake;

import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.runtime.spi.FileCatalog;
import java.util.List;
import java.util.Optional;

/** What a catalog of Iceberg tables answers to one who asks for a table of files. */
final class NoFileCatalog implements FileCatalog {
  private final String catalog;

  NoFileCatalog(String catalog) {
    this.catalog = catalog;
  }

  private SluiceException refused(Table table) {
    return SluiceException.config(
        "Cannot use table %s: its files are %s, and catalog %s has Iceberg tables only. Set"
            + " lake.catalog to embedded, glue or hive, or declare the table as Iceberg",
        table.name(), table.format().word(), catalog);
  }

  @Override
  public Optional<Entry> find(Table table) {
    throw refused(table);
  }

  @Override
  public void put(Table table, Entry entry) {
    throw refused(table);
  }

  @Override
  public List<Partition> partitions(Table table) {
    throw refused(table);
  }

  @Override
  public void point(Table table, List<Partition> partitions) {
    throw refused(table);
  }

  @Override
  public void drop(Table table, List<Partition> partitions) {
    throw refused(table);
  }

  @Override
  public void close() {
    // Nothing was opened.
  }
}
