package dev.sluice.runtime.lake;

import dev.sluice.model.ColumnChange;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.spark.SparkSchemaUtil;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Changes the columns of an Iceberg table in one commit; those that stay keep their field ids. */
final class IcebergColumns {
  private static final Set<ColumnChange> MERGED =
      Set.of(ColumnChange.ADD, ColumnChange.WIDEN, ColumnChange.NESTED);

  private final Table there;
  private final Drift drift;

  IcebergColumns(Table there, Drift drift) {
    this.there = there;
    this.drift = drift;
  }

  /** The table's columns: name to Spark SQL type, in order. */
  static Map<String, String> of(Table there) {
    Map<String, String> types = new LinkedHashMap<>();
    Arrays.stream(SparkSchemaUtil.convert(there.schema()).fields())
        .forEach(field -> types.put(field.name(), field.dataType().catalogString()));
    return types;
  }

  /**
   * Does what the drift says.
   *
   * @param columns all columns as they are to be, those of the declaration and Sluice's own
   */
  void change(StructType columns) {
    StructType merged = merged(columns);
    if (drift.changes().isEmpty() && merged.isEmpty()) {
      return;
    }
    Transaction transaction = there.newTransaction();
    // One step for each kind: within a step the columns go by the names they had before it.
    UpdateSchema names = transaction.updateSchema();
    each(ColumnChange.RENAME).forEach(c -> names.renameColumn(c.from(), c.column()));
    each(ColumnChange.DROP).forEach(c -> names.deleteColumn(c.column()));
    names.commit();
    transaction.updateSchema().unionByNameWith(SparkSchemaUtil.convert(merged)).commit();
    UpdateSchema order = transaction.updateSchema();
    each(ColumnChange.REORDER).forEach(c -> reorder(order, List.of(c.to().split(", "))));
    order.commit();
    transaction.commitTransaction();
    there.refresh();
  }

  private Stream<Drift.Change> each(ColumnChange kind) {
    return drift.changes().stream().filter(change -> change.kind() == kind);
  }

  /** The columns that are new, wider or have new fields; Sluice's own are no part of the drift. */
  private StructType merged(StructType columns) {
    Map<String, String> existing = of(there);
    Set<String> declared =
        drift.changes().stream()
            .filter(change -> MERGED.contains(change.kind()))
            .map(Drift.Change::column)
            .collect(Collectors.toSet());
    return new StructType(
        Arrays.stream(columns.fields())
            .filter(field -> declared.contains(field.name()) || isMissing(field.name(), existing))
            .toArray(StructField[]::new));
  }

  private static boolean isMissing(String column, Map<String, String> existing) {
    return column.startsWith("_sluice") && !existing.containsKey(column);
  }

  private static void reorder(UpdateSchema order, List<String> names) {
    order.moveFirst(names.get(0));
    for (int i = 1; i < names.size(); i++) {
      order.moveAfter(names.get(i), names.get(i - 1));
    }
  }
}
