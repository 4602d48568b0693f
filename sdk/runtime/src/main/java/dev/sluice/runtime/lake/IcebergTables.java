package dev.sluice.runtime.lake;

import dev.sluice.model.Column;
import dev.sluice.model.Partition;
import dev.sluice.model.Sdk;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.runtime.spi.Fit;
import dev.sluice.runtime.spi.LakeAccess;
import dev.sluice.runtime.spi.TargetChange;
import dev.sluice.runtime.spi.Words;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Schema;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.UpdateProperties;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.spark.SparkSchemaUtil;
import org.apache.iceberg.types.Types;
import org.apache.spark.sql.types.StructType;

/** Makes and changes Iceberg tables to match their declaration. */
final class IcebergTables {
  private static final Map<String, String> USUAL =
      Map.of(
          TableProperties.FORMAT_VERSION,
          "2",
          "write.wap.enabled",
          "true",
          "write.parquet.compression-codec",
          "zstd",
          "write.metadata.delete-after-commit.enabled",
          "true",
          "write.metadata.previous-versions-max",
          "100");

  private final LakeAccess lake;
  private final Table table;
  private final StructType columns;
  private final List<Partition> partitions;
  private final Map<String, String> properties;

  IcebergTables(
      LakeAccess lake,
      Table table,
      StructType columns,
      List<Partition> partitions,
      Map<String, String> extra) {
    this.partitions = partitions;
    this.lake = lake;
    this.table = table;
    this.columns = columns;
    this.properties = new LinkedHashMap<>(USUAL);
    if (!table.comment().isEmpty()) {
      properties.put("comment", table.comment());
    }
    Optional.ofNullable(table.formatVersion())
        .ifPresent(version -> properties.put(TableProperties.FORMAT_VERSION, version.toString()));
    properties.putAll(Words.tags(table));
    properties.putAll(extra);
  }

  private TableIdentifier identifier() {
    return TableIdentifier.of(table.namespace(), table.shortName());
  }

  /** The table, if the catalog has it. */
  Optional<org.apache.iceberg.Table> find() {
    return lake.catalogCall(
        () -> {
          try {
            return Optional.of(lake.iceberg().loadTable(identifier()));
          } catch (NoSuchTableException | NoSuchNamespaceException e) {
            return Optional.empty();
          }
        });
  }

  /** What {@link #prepare()} would do. */
  List<TargetChange> changes() {
    return find()
        .map(this::changes)
        .orElseGet(
            () ->
                List.of(
                    TargetChange.creates(
                        "create table " + table.name() + " at " + lake.location(table))));
  }

  private List<TargetChange> changes(org.apache.iceberg.Table there) {
    List<TargetChange> changes = new ArrayList<>();
    if (!Words.isOurs(there.properties())) {
      changes.add(
          TargetChange.keeps(
              String.format(
                  "take over table %s at %s, made by others: its rows stay as they are",
                  table.name(), there.location())));
    }
    changes.addAll(drift(there).told());
    return changes;
  }

  /** How rows are cut to the columns that stay. */
  Fit fit() {
    return find().map(there -> drift(there).fit()).orElse(Fit.EXACT);
  }

  /** Makes the table, or changes its columns as its evolution allows. */
  org.apache.iceberg.Table prepare() {
    org.apache.iceberg.Table there = find().orElseGet(this::create);
    new IcebergColumns(there, drift(there)).change(columns);
    return there;
  }

  /** Brings comments and properties in line. */
  void register() {
    org.apache.iceberg.Table there = prepare();
    Map<String, String> comments = comments(there);
    if (!comments.isEmpty()) {
      UpdateSchema update = there.updateSchema();
      comments.forEach(
          (column, comment) -> update.updateColumnDoc(column, comment.isEmpty() ? null : comment));
      update.commit();
    }
    Map<String, String> missing = missing(there);
    List<String> stale = Words.staleTags(table, there.properties());
    if (!missing.isEmpty() || !stale.isEmpty()) {
      UpdateProperties update = there.updateProperties();
      missing.forEach(update::set);
      stale.forEach(update::remove);
      update.commit();
    }
  }

  /** What {@link #register()} would change beside the columns, one line each. */
  List<String> words() {
    List<String> words = new ArrayList<>();
    find()
        .ifPresent(
            there -> {
              comments(there).forEach((column, text) -> words.add(Words.ofColumn(column, text)));
              missing(there).forEach((name, value) -> words.add(Words.set(name, value)));
              Words.staleTags(table, there.properties())
                  .forEach(name -> words.add("remove " + name));
            });
    return words;
  }

  /** The comments that differ, by column; a column that its evolution leaves out has none. */
  private Map<String, String> comments(org.apache.iceberg.Table there) {
    Map<String, String> comments = new LinkedHashMap<>();
    for (Column column : table.columns()) {
      Types.NestedField field = there.schema().findField(column.name());
      if (field != null && !Objects.requireNonNullElse(field.doc(), "").equals(column.comment())) {
        comments.put(column.name(), column.comment());
      }
    }
    return comments;
  }

  private Map<String, String> missing(org.apache.iceberg.Table there) {
    Map<String, String> missing = new LinkedHashMap<>(properties);
    missing.entrySet().removeIf(e -> e.getValue().equals(there.properties().get(e.getKey())));
    if (version(there) >= Integer.parseInt(properties.get(TableProperties.FORMAT_VERSION))) {
      missing.remove(TableProperties.FORMAT_VERSION); // which is lifted, and never set back
    }
    if (!Words.isOurs(there.properties())) {
      missing.put(Words.MARK, Sdk.version());
    }
    return missing;
  }

  private static int version(org.apache.iceberg.Table there) {
    return ((HasTableOperations) there).operations().current().formatVersion();
  }

  private org.apache.iceberg.Table create() {
    return lake.catalogCall(
        () -> {
          createNamespace(Namespace.of(table.namespace()));
          try {
            return lake.iceberg()
                .createTable(
                    identifier(),
                    schema(),
                    Partitions.spec(schema(), partitions),
                    lake.location(table),
                    made());
          } catch (AlreadyExistsException e) {
            return lake.iceberg().loadTable(identifier());
          }
        });
  }

  private Map<String, String> made() {
    Map<String, String> made = new LinkedHashMap<>(properties);
    made.put(Words.MARK, Sdk.version());
    return made;
  }

  /** Another run may be faster: then the namespace is there, which is all that was wanted. */
  private void createNamespace(Namespace namespace) {
    SupportsNamespaces namespaces = (SupportsNamespaces) lake.iceberg();
    if (namespaces.namespaceExists(namespace)) {
      return;
    }
    try {
      namespaces.createNamespace(namespace);
    } catch (RuntimeException e) {
      // Not only AlreadyExistsException: the JDBC catalog tells a lost race as a broken constraint.
      if (!namespaces.namespaceExists(namespace)) {
        throw e;
      }
    }
  }

  private Schema schema() {
    return SparkSchemaUtil.convert(columns);
  }

  private void requireSamePartitions(org.apache.iceberg.Table there) {
    List<String> declared = partitions.stream().map(Partition::text).toList();
    List<String> found = Partitions.texts(there.spec(), table.evolves().renames());
    if (!found.equals(declared)) {
      throw SluiceException.contract(
          "Cannot register table %s: it is partitioned by %s, and by %s in the declaration. Declare"
              + " the partitions as they were, or write to a new table",
          table.name(), named(found), named(declared));
    }
  }

  private static String named(List<String> partitions) {
    return partitions.isEmpty() ? "nothing" : String.join(", ", partitions);
  }

  private Drift drift(org.apache.iceberg.Table there) {
    requireSamePartitions(there);
    return Drift.of(table, IcebergColumns.of(there));
  }
}
