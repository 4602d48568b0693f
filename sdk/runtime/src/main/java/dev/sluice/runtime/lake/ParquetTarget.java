package dev.sluice.runtime.lake;

import dev.sluice.model.Column;
import dev.sluice.model.RunKey;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.model.Write;
import dev.sluice.runtime.spi.Commit;
import dev.sluice.runtime.spi.FileCatalog;
import dev.sluice.runtime.spi.FileCatalog.Entry;
import dev.sluice.runtime.spi.FileCatalog.Partition;
import dev.sluice.runtime.spi.LedgerEntry;
import dev.sluice.runtime.spi.RunFacts;
import dev.sluice.runtime.spi.Staging;
import dev.sluice.runtime.spi.Target;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.types.StructType;

/**
 * Publishes Parquet files in Hive-style partition folders.
 *
 * <p>Every run writes a fresh folder below each partition's own; publishing points the catalog's
 * partitions there, last of all, and notes the run in the table's parameters. Atomic for each
 * partition, not across them.
 */
final class ParquetTarget implements Target {
  private final Lake lake;
  private final Table table;
  private final Write write;

  ParquetTarget(Lake lake, Table table, Write write) {
    if (write == Write.APPEND || table.partitions().isEmpty()) {
      throw SluiceException.config(
          "Cannot write %s with %s: Parquet tables take replace-partitions and replace-table, and"
              + " need partition columns. Use one of those, or an Iceberg table",
          table.name(), write.word());
    }
    this.lake = lake;
    this.table = table;
    this.write = write;
  }

  @Override
  public String kind() {
    return "table";
  }

  @Override
  public String uri() {
    return lake.location(table);
  }

  @Override
  public Optional<Commit> find(RunKey key) {
    return entry()
        .map(found -> found.parameters().get(RunFacts.ledgerProperty(key)))
        .map(LedgerEntry::parse)
        .map(ledger -> new Commit(ledger, Optional.empty(), true));
  }

  private Optional<Entry> entry() {
    return lake.catalogCall(() -> lake.files().find(table));
  }

  @Override
  public List<String> changes() {
    return entry()
        .map(
            found ->
                Schemas.additions(table, found.columns()).stream()
                    .map(column -> "add column " + column.name())
                    .toList())
        .orElse(List.of("create table " + table.name() + " at " + uri()));
  }

  @Override
  public void prepare() {
    Optional<Entry> found = entry();
    boolean complete = found.isPresent() && changes().isEmpty();
    if (!complete) {
      Map<String, String> parameters =
          found
              .map(Entry::parameters)
              .orElse(Map.of("EXTERNAL", "TRUE", "classification", "parquet"));
      put(columns(found), parameters);
    }
  }

  @Override
  public void register() {
    Optional<Entry> found = entry();
    put(columns(found), found.map(Entry::parameters).orElse(Map.of("classification", "parquet")));
  }

  private void put(Map<String, String> columns, Map<String, String> parameters) {
    Entry wanted = new Entry(columns, uri(), parameters);
    lake.catalogCall(
        () -> {
          lake.files().put(table, wanted);
          return null;
        });
  }

  /** The declared columns after those that only the catalog has, partition columns last. */
  private Map<String, String> columns(Optional<Entry> found) {
    Map<String, String> columns = new LinkedHashMap<>();
    found.ifPresent(
        there -> {
          Schemas.additions(table, there.columns());
          columns.putAll(there.columns());
        });
    for (Column column : table.columns()) {
      columns.put(column.name(), column.type());
    }
    for (String partition : table.partitions()) {
      columns.put(partition, columns.remove(partition));
    }
    return columns;
  }

  @Override
  public Staging stage(RunKey key, String runId, StructType schema) {
    return new Staged(key, new ParquetWrite(lake.spark(), table, uri(), runId, schema));
  }

  private final class Staged implements Staging {
    private final RunKey key;
    private final ParquetWrite files;

    Staged(RunKey key, ParquetWrite files) {
      this.key = key;
      this.files = files;
    }

    @Override
    public org.apache.spark.sql.connector.write.Write write() {
      return files;
    }

    @Override
    public void staged(WriterCommitMessage[] messages) {
      files.staged(messages);
    }

    @Override
    public long rowCount() {
      return files.partitions().stream().mapToLong(Partition::rows).sum();
    }

    @Override
    public Optional<Dataset<Row>> rows(SparkSession spark) {
      return Optional.of(
          ParquetReader.read(spark, table, uri(), files.partitions())
              .select(
                  java.util.Arrays.stream(files.schema().fieldNames())
                      .map(org.apache.spark.sql.functions::col)
                      .toArray(org.apache.spark.sql.Column[]::new)));
    }

    @Override
    public Commit publish(RunFacts facts) {
      Optional<Commit> earlier = find(key);
      if (earlier.isPresent()) {
        files.discard();
        return earlier.get();
      }
      files.removeStrays();
      lake.catalogCall(
          () -> {
            FileCatalog catalog = lake.files();
            catalog.point(table, files.partitions());
            if (write == Write.REPLACE_TABLE) {
              catalog.drop(table, others(catalog));
            }
            Entry found = catalog.find(table).orElseThrow();
            Map<String, String> parameters = new LinkedHashMap<>(found.parameters());
            parameters.putAll(facts.properties());
            catalog.put(table, new Entry(found.columns(), found.location(), parameters));
            return null;
          });
      return new Commit(facts.entry(), Optional.empty(), false);
    }

    private List<Partition> others(FileCatalog catalog) {
      Set<List<String>> mine =
          files.partitions().stream().map(Partition::values).collect(Collectors.toSet());
      return catalog.partitions(table).stream().filter(p -> !mine.contains(p.values())).toList();
    }

    @Override
    public void discard() {
      files.discard();
    }
  }
}
