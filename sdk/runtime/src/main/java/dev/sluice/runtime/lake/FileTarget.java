package dev.sluice.runtime.lake;

import dev.sluice.model.Column;
import dev.sluice.model.RunKey;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.model.Write;
import dev.sluice.runtime.spi.Commit;
import dev.sluice.runtime.spi.FailPoint;
import dev.sluice.runtime.spi.FileCatalog;
import dev.sluice.runtime.spi.FileCatalog.Entry;
import dev.sluice.runtime.spi.FileCatalog.Partition;
import dev.sluice.runtime.spi.Fit;
import dev.sluice.runtime.spi.LakeAccess;
import dev.sluice.runtime.spi.Ledger;
import dev.sluice.runtime.spi.RunFacts;
import dev.sluice.runtime.spi.Staging;
import dev.sluice.runtime.spi.Target;
import dev.sluice.runtime.spi.TargetChange;
import dev.sluice.runtime.spi.Words;
import java.util.ArrayList;
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
 * Publishes plain files in Hive-style partition folders.
 *
 * <p>Every run writes a fresh folder below each partition's own; publishing points the catalog's
 * partitions there, last of all, and notes the run in the table's parameters. Atomic for each
 * partition, not across them. Of a table without partitions the entry itself is pointed to the
 * run's folder, in the same call that notes the run.
 */
final class FileTarget implements Target {
  private final LakeAccess lake;
  private final Table table;
  private final Write write;

  FileTarget(LakeAccess lake, Table table, Write write) {
    FileFormats.requireExactInstants(table);
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
        .flatMap(found -> Ledger.find(found.parameters(), key))
        .map(ledger -> new Commit(ledger, Optional.empty(), true));
  }

  @Override
  public Ledger ledger() {
    return Ledger.of(entry().map(Entry::parameters).orElse(Map.of()));
  }

  private Optional<Entry> entry() {
    return lake.catalogCall(() -> lake.files().find(table));
  }

  @Override
  public List<TargetChange> changes() {
    return entry()
        .map(this::changes)
        .orElseGet(
            () -> List.of(TargetChange.creates("create table " + table.name() + " at " + uri())));
  }

  private List<TargetChange> changes(Entry found) {
    List<TargetChange> changes = new ArrayList<>(ForeignFiles.takeover(lake, table, found));
    changes.addAll(drift(found).told());
    return changes;
  }

  /** How entry and declaration differ, where they are of one kind. */
  private Drift drift(Entry found) {
    String files = found.parameters().getOrDefault(FileCatalog.CLASSIFICATION, "parquet");
    if (!files.equals(table.format().word())) {
      throw SluiceException.contract(
          "Cannot register table %s: its files are %s in the catalog and %s in the declaration."
              + " Declare %s again, or write to a new table",
          table.name(), files, table.format().word(), files);
    }
    boolean oneFolder = found.location().startsWith(uri() + "/");
    boolean differs = table.partitions().isEmpty() ? found.location().equals(uri()) : oneFolder;
    if (differs) {
      throw SluiceException.contract(
          "Cannot register table %s: only one of catalog and declaration has partitions. Declare"
              + " them as they were, or write to a new table",
          table.name());
    }
    for (var partition : table.partitioning()) {
      if (!found.columns().containsKey(partition.name())) {
        throw SluiceException.contract(
            "Cannot register table %s: the catalog does not have it partitioned by %s. Declare the"
                + " partitions as they were, or write to a new table",
            table.name(), partition.text());
      }
    }
    return Drift.of(table, found.columns());
  }

  @Override
  public Fit fit() {
    return entry().map(found -> drift(found).fit()).orElse(Fit.EXACT);
  }

  @Override
  public void prepare() {
    Optional<Entry> found = entry();
    boolean complete = found.isPresent() && changes().isEmpty();
    if (!complete) {
      put(found);
    }
  }

  @Override
  public List<String> words() {
    return entry().map(this::words).orElse(List.of());
  }

  private List<String> words(Entry found) {
    List<String> words = new ArrayList<>(Words.ofTags(table, found.parameters()));
    words.addAll(lake.catalogCall(() -> lake.files().words(table)));
    return words;
  }

  /** Puts nothing where nothing differs: each entry that is put is one more version for Glue. */
  @Override
  public void register() {
    Optional<Entry> found = entry();
    boolean right =
        found.filter(there -> changes(there).isEmpty() && words(there).isEmpty()).isPresent();
    if (!right) {
      put(found);
    }
  }

  private void put(Optional<Entry> found) {
    Map<String, String> parameters =
        found.map(ForeignFiles::known).orElse(ForeignFiles.known(fresh()));
    Entry wanted = new Entry(columns(found), location(found), Words.tagged(table, parameters));
    lake.catalogCall(
        () -> {
          lake.files().put(table, wanted);
          return null;
        });
  }

  private Entry fresh() {
    return new Entry(
        Map.of(),
        uri(),
        Map.of("EXTERNAL", "TRUE", FileCatalog.CLASSIFICATION, table.format().word()));
  }

  /** Where the rows are: below the root, or in the run's own folder where nothing splits them. */
  private String location(Optional<Entry> found) {
    return table.partitions().isEmpty()
        ? found.map(Entry::location).orElseGet(this::emptyFolder)
        : uri();
  }

  /** Not the root: that holds the folders of runs as well which were never published. */
  private String emptyFolder() {
    return FileWrite.makeFolder(lake.hadoop(), uri() + "/empty");
  }

  /** The declared columns after those that only the catalog has, partition columns last. */
  private Map<String, String> columns(Optional<Entry> found) {
    Map<String, String> columns = new LinkedHashMap<>();
    found.map(Entry::columns).ifPresent(columns::putAll);
    Map<String, String> fits = found.map(there -> drift(there).fit()).orElse(Fit.EXACT).columns();
    for (Column column : table.columns()) {
      if (!fits.containsKey(column.name())) {
        columns.put(column.name(), column.type());
      }
    }
    Map<String, String> types = new LinkedHashMap<>(columns);
    for (var partition : table.partitioning()) {
      columns.remove(partition.name());
      String type = types.get(partition.column());
      columns.put(partition.name(), Partitions.folderType(partition, type));
    }
    return columns;
  }

  @Override
  public Staging stage(RunKey key, String runId, StructType schema) {
    Table landing = fit().landing(table);
    return new Staged(key, landing, new FileWrite(lake.spark(), landing, uri(), runId, schema));
  }

  private final class Staged implements Staging {
    private final RunKey key;
    private final Table landing;
    private final FileWrite files;

    Staged(RunKey key, Table landing, FileWrite files) {
      this.key = key;
      this.landing = landing;
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
    public Optional<Files> files() {
      return Optional.of(files.counted());
    }

    @Override
    public Optional<Dataset<Row>> rows(SparkSession spark) {
      return Optional.of(FileReader.read(spark, landing, uri(), files.partitions()));
    }

    @Override
    public void verify() {
      KmsOfS3.require(lake, files.paths());
    }

    @Override
    public Commit publish(RunFacts facts) {
      files.removeStrays();
      FailPoint.BEFORE_COMMIT.hit();
      boolean parted = !table.partitions().isEmpty();
      List<Partition> mine = files.partitions();
      FileCatalog.Publication publication =
          new FileCatalog.Publication(
              List.of(),
              parted ? mine : List.of(),
              there ->
                  parted && write.mode() == Write.Mode.REPLACE_TABLE ? others(there) : List.of(),
              found -> noted(found, parted ? found.location() : mine.get(0).location(), facts));
      return switch (lake.catalogCall(() -> lake.files().publish(table, publication))) {
        case PUBLISHED -> new Commit(facts.entry(), Optional.empty(), false);
        case EARLIER, CHANGED -> {
          files.discard();
          yield find(key).orElseThrow();
        }
        case MEANWHILE -> find(key).orElseThrow(); // whose files are visible is open: all stay
      };
    }

    private Optional<Entry> noted(Entry found, String location, RunFacts facts) {
      if (Ledger.find(found.parameters(), key).isPresent()) {
        return Optional.empty();
      }
      Map<String, String> parameters = new LinkedHashMap<>(found.parameters());
      Ledger.note(found.parameters(), facts, parameters::put, parameters::remove);
      return Optional.of(new Entry(found.columns(), location, parameters));
    }

    private List<Partition> others(List<Partition> there) {
      Set<List<String>> mine =
          files.partitions().stream().map(Partition::values).collect(Collectors.toSet());
      return there.stream().filter(partition -> !mine.contains(partition.values())).toList();
    }

    @Override
    public void discard() {
      files.discard();
    }
  }
}
