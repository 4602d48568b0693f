package dev.sluice.runtime.lake;

import dev.sluice.model.Column;
import dev.sluice.model.Table;
import dev.sluice.runtime.spi.LakeAccess;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
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
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Makes and changes Iceberg tables to match their declaration. */
final class IcebergTables {
  private static final Map<String, String> USUAL =
      Map.of(
          "format-version", "2",
          "write.wap.enabled", "true",
          "write.parquet.compression-codec", "zstd",
          "write.metadata.delete-after-commit.enabled", "true",
          "write.metadata.previous-versions-max", "100");

  private final LakeAccess lake;
  private final Table table;
  private final StructType columns;
  private final UnaryOperator<PartitionSpec.Builder> partitioning;
  private final Map<String, String> properties;

  IcebergTables(
      LakeAccess lake,
      Table table,
      StructType columns,
      UnaryOperator<PartitionSpec.Builder> partitioning,
      Map<String, String> extra) {
    this.partitioning = partitioning;
    this.lake = lake;
    this.table = table;
    this.columns = columns;
    this.properties = new LinkedHashMap<>(USUAL);
    if (!table.comment().isEmpty()) {
      properties.put("comment", table.comment());
    }
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

  /** What {@link #prepare()} would do, one line each. */
  List<String> changes() {
    return find()
        .map(there -> additions(there).stream().map(c -> "add column " + c.name()).toList())
        .orElse(List.of("create table " + table.name() + " at " + lake.location(table)));
  }

  /** Makes the table, or adds the columns that it lacks. */
  org.apache.iceberg.Table prepare() {
    org.apache.iceberg.Table there = find().orElseGet(this::create);
    List<StructField> additions = additions(there);
    if (!additions.isEmpty()) {
      UpdateSchema update = there.updateSchema();
      for (StructField column : additions) {
        String comment = column.getComment().getOrElse(() -> null);
        update.addColumn(column.name(), icebergType(column.name()), comment);
      }
      update.commit();
    }
    return there;
  }

  /** Brings comments and properties in line; answers whether anything had to be changed. */
  boolean register() {
    org.apache.iceberg.Table there = prepare();
    UpdateSchema comments = there.updateSchema();
    boolean changed = false;
    for (Column column : table.columns()) {
      Types.NestedField field = there.schema().findField(column.name());
      String comment = column.comment().isEmpty() ? null : column.comment();
      if (!java.util.Objects.equals(field.doc(), comment)) {
        comments.updateColumnDoc(column.name(), comment);
        changed = true;
      }
    }
    if (changed) {
      comments.commit();
    }
    Map<String, String> missing = new LinkedHashMap<>(properties);
    missing.entrySet().removeIf(e -> e.getValue().equals(there.properties().get(e.getKey())));
    missing.remove("format-version");
    if (!missing.isEmpty()) {
      UpdateProperties update = there.updateProperties();
      missing.forEach(update::set);
      update.commit();
      changed = true;
    }
    return changed;
  }

  private org.apache.iceberg.Table create() {
    return lake.catalogCall(
        () -> {
          createNamespace(Namespace.of(table.namespace()));
          try {
            return lake.iceberg()
                .createTable(identifier(), schema(), spec(), lake.location(table), properties);
          } catch (AlreadyExistsException e) {
            return lake.iceberg().loadTable(identifier());
          }
        });
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

  private PartitionSpec spec() {
    return partitioning.apply(PartitionSpec.builderFor(schema())).build();
  }

  private org.apache.iceberg.types.Type icebergType(String column) {
    return schema().findField(column).type();
  }

  /** The columns that the table lacks: declared ones, and Sluice's own. */
  private List<StructField> additions(org.apache.iceberg.Table there) {
    Map<String, String> existing = new LinkedHashMap<>();
    Arrays.stream(SparkSchemaUtil.convert(there.schema()).fields())
        .forEach(field -> existing.put(field.name(), field.dataType().simpleString()));
    Schemas.requireSameTypes(table, existing);
    return Arrays.stream(columns.fields()).filter(f -> !existing.containsKey(f.name())).toList();
  }
}
