package dev.sluice.runtime.lake;

import dev.sluice.model.Nearest;
import dev.sluice.model.Partition;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.model.TableFormat;
import dev.sluice.runtime.spi.FileCatalog;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.spark.SparkSchemaUtil;
import org.apache.iceberg.types.Types;

/** The tables that a lake has, by their names, whoever declared them. */
public final class LakeTables {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*\\.[a-z][a-z0-9_]*");

  private final Lake lake;

  /** The tables of one lake. */
  public LakeTables(Lake lake) {
    this.lake = lake;
  }

  /**
   * The table with this name, with the columns that the catalog knows.
   *
   * @throws SluiceException of kind CONFIG where there is none, naming the nearest
   */
  public Table get(String name) {
    Optional<Table> found = NAME.matcher(name).matches() ? find(name) : Optional.empty();
    return found.orElseThrow(
        () ->
            SluiceException.config(
                "Cannot read table '%s': the lake at %s does not have it. %s. Correct the name, or"
                    + " run the job that writes it first",
                name, lake.warehouse(), Nearest.hint(name, names())));
  }

  /**
   * The declaration that matches a table, whoever made it.
   *
   * @throws SluiceException of kind CONFIG where the catalog has none of this name, of kind
   *     CONTRACT where no declaration can have it so
   */
  public Table declaration(String name) {
    Table known = get(name);
    return known.format() == TableFormat.ICEBERG
        ? ofIceberg(known)
        : lake.catalogCall(() -> lake.files().declaration(name)).orElseGet(() -> ofOurFiles(known));
  }

  /** The columns that name folders stand last. */
  private Table ofOurFiles(Table known) {
    int folders =
        lake.catalogCall(() -> lake.files().partitions(known)).stream()
            .mapToInt(partition -> partition.values().size())
            .findFirst()
            .orElse(0);
    List<String> names = known.columnNames();
    return folders == 0
        ? known
        : known.partitionedBy(
            names.subList(names.size() - folders, names.size()).toArray(String[]::new));
  }

  private Table ofIceberg(Table known) {
    var there =
        lake.catalogCall(
            () ->
                lake.iceberg().loadTable(TableIdentifier.of(known.namespace(), known.shortName())));
    Table table = known.describedAs(there.properties().getOrDefault("comment", ""));
    for (var field : there.schema().columns()) {
      if (!field.name().startsWith("_sluice")) {
        table =
            table.column(
                field.name(), typeOf(known, field), Objects.requireNonNullElse(field.doc(), ""));
      }
    }
    Partition[] partitions =
        Partitions.texts(there.spec(), Map.of()).stream()
            .map(Partition::parse)
            .toArray(Partition[]::new);
    String[] key = there.schema().identifierFieldNames().stream().sorted().toArray(String[]::new);
    Table keyed = key.length == 0 ? table : table.key(key);
    return partitions.length == 0
        ? keyed
        : keyed.partitionedBy(partitions[0], Arrays.copyOfRange(partitions, 1, partitions.length));
  }

  private static String typeOf(Table known, Types.NestedField field) {
    try {
      return SparkSchemaUtil.convert(field.type()).catalogString();
    } catch (UnsupportedOperationException e) {
      throw SluiceException.contract(
          "Cannot import table %s: column '%s' is %s, which Spark does not know. Write to a new"
              + " table",
          known.name(), field.name(), field.type());
    }
  }

  private Optional<Table> find(String name) {
    Table iceberg = Table.iceberg(name);
    TableIdentifier identifier = TableIdentifier.of(iceberg.namespace(), iceberg.shortName());
    return lake.catalogCall(() -> lake.iceberg().tableExists(identifier))
        ? Optional.of(iceberg)
        : lake.catalogCall(() -> lake.files().find(Table.parquet(name)))
            .map(entry -> ofFiles(name, entry));
  }

  private static Table ofFiles(String name, FileCatalog.Entry entry) {
    String files = entry.parameters().getOrDefault(FileCatalog.CLASSIFICATION, "parquet");
    Table table =
        TableFormat.of(files)
            .map(format -> Table.of(format, name))
            .orElseThrow(
                () ->
                    SluiceException.config(
                        "Cannot read table '%s': its files are %s. Read a table of parquet, orc or"
                            + " avro files",
                        name, files));
    for (Map.Entry<String, String> column : entry.columns().entrySet()) {
      table = table.column(column.getKey(), column.getValue());
    }
    return table;
  }

  /** The names of the tables without their quarantines, as far as the catalog lists them. */
  public SortedSet<String> names() {
    SortedSet<String> names = new TreeSet<>(lake.catalogCall(this::icebergNames));
    names.addAll(lake.catalogCall(() -> lake.files().names()));
    names.removeIf(name -> name.endsWith(Quarantine.SUFFIX));
    return names;
  }

  private List<String> icebergNames() {
    List<String> names = new ArrayList<>();
    Catalog catalog = lake.iceberg();
    if (catalog instanceof SupportsNamespaces namespaces) {
      for (Namespace namespace : namespaces.listNamespaces()) {
        catalog.listTables(namespace).forEach(table -> names.add(table.toString()));
      }
    }
    return names;
  }
}
