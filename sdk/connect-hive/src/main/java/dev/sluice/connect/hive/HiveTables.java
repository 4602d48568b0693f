package dev.sluice.connect.hive;

import dev.sluice.runtime.spi.FileCatalog.Entry;
import dev.sluice.runtime.spi.FileCatalog.Partition;
import dev.sluice.runtime.spi.HiveLayout;
import dev.sluice.runtime.spi.HiveTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.hadoop.hive.metastore.api.FieldSchema;
import org.apache.hadoop.hive.metastore.api.SerDeInfo;
import org.apache.hadoop.hive.metastore.api.StorageDescriptor;
import org.apache.hadoop.hive.metastore.api.Table;

/** The same table in the metastore's words and in ours. */
final class HiveTables {
  private static final String COMMENT = "comment";

  private HiveTables() {}

  /** Brings a table of the metastore in line with an entry. */
  static Table fill(Table there, dev.sluice.model.Table table, Entry entry) {
    HiveLayout layout = HiveLayout.of(table, entry);
    Map<String, String> parameters = new HashMap<>(layout.parameters());
    // What makes a table external is not its type alone.
    parameters.put("EXTERNAL", "TRUE");
    parameters.remove(COMMENT);
    if (!table.comment().isEmpty()) {
      parameters.put(COMMENT, table.comment());
    }
    there.setDbName(table.namespace());
    there.setTableName(table.shortName());
    there.setTableType(HiveLayout.EXTERNAL);
    there.setParameters(parameters);
    there.setPartitionKeys(fields(layout.partitionKeys()));
    there.setSd(storage(table, layout, entry.location()));
    return there;
  }

  static org.apache.hadoop.hive.metastore.api.Partition partition(
      dev.sluice.model.Table table, Entry entry, Partition partition) {
    var made = new org.apache.hadoop.hive.metastore.api.Partition();
    made.setDbName(table.namespace());
    made.setTableName(table.shortName());
    made.setValues(new ArrayList<>(partition.values()));
    made.setParameters(new HashMap<>(HiveLayout.parameters(partition)));
    made.setSd(storage(table, HiveLayout.of(table, entry), partition.location()));
    return made;
  }

  private static StorageDescriptor storage(
      dev.sluice.model.Table table, HiveLayout layout, String location) {
    StorageDescriptor storage = new StorageDescriptor();
    storage.setCols(fields(layout.columns()));
    storage.setLocation(location);
    storage.setInputFormat(layout.inputFormat());
    storage.setOutputFormat(layout.outputFormat());
    storage.setSerdeInfo(
        new SerDeInfo(
            null, layout.serde(), new HashMap<>(HiveLayout.serdeParameters(table, location))));
    storage.setNumBuckets(-1);
    storage.setBucketCols(new ArrayList<>());
    storage.setSortCols(new ArrayList<>());
    storage.setParameters(new HashMap<>());
    return storage;
  }

  private static List<FieldSchema> fields(List<HiveLayout.Field> fields) {
    List<FieldSchema> made = new ArrayList<>();
    fields.forEach(f -> made.add(new FieldSchema(f.name(), f.type(), f.comment())));
    return made;
  }

  static HiveTable found(Table found) {
    StorageDescriptor storage = found.getSd();
    return new HiveTable(
        said(storage.getCols()),
        said(found.getPartitionKeys()),
        location(storage),
        found.getParameters(),
        found.getTableType(),
        storage.getSerdeInfo() == null ? null : storage.getSerdeInfo().getSerializationLib(),
        storage.isSetBucketCols() ? storage.getBucketCols() : List.of(),
        found.getParameters().get(COMMENT));
  }

  private static List<HiveLayout.Field> said(List<FieldSchema> fields) {
    return fields.stream()
        .map(f -> new HiveLayout.Field(f.getName(), f.getType(), f.getComment()))
        .toList();
  }

  static Partition partition(org.apache.hadoop.hive.metastore.api.Partition found) {
    return HiveLayout.partition(found.getValues(), location(found.getSd()), found.getParameters());
  }

  /** The metastore's file system shortens {@code file:///} to {@code file:/}. */
  private static String location(StorageDescriptor storage) {
    String location = Objects.requireNonNullElse(storage.getLocation(), ""); // of a view
    return location.replaceFirst("^file:/(?!/)", "file:///");
  }
}
