package dev.sluice.runtime.lake;

import dev.sluice.model.Partition;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.transforms.Transform;
import org.apache.iceberg.transforms.Transforms;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Expressions;

/** The partitions of a table in the words of Iceberg and of Spark. */
final class Partitions {
  private Partitions() {}

  /** As Iceberg has them. */
  static PartitionSpec spec(Schema schema, List<Partition> partitions) {
    PartitionSpec.Builder builder = PartitionSpec.builderFor(schema);
    for (Partition partition : partitions) {
      switch (partition.by()) {
        case VALUE -> builder.identity(partition.column());
        case YEAR -> builder.year(partition.column());
        case MONTH -> builder.month(partition.column());
        case DAY -> builder.day(partition.column());
        case HOUR -> builder.hour(partition.column());
        case BUCKET -> builder.bucket(partition.column(), partition.size());
        case TRUNCATE -> builder.truncate(partition.column(), partition.size());
      }
    }
    return builder.build();
  }

  /**
   * The declaration that gives a spec, as {@link Partition#text()} says it.
   *
   * @param renames columns that have other names in the declaration
   */
  static List<String> texts(PartitionSpec spec, Map<String, String> renames) {
    return spec.fields().stream()
        .map(
            field -> {
              String column = spec.schema().findColumnName(field.sourceId());
              return text(field, renames.getOrDefault(column, column));
            })
        .toList();
  }

  private static String text(PartitionField field, String column) {
    String by = field.transform().toString();
    if (by.equals("identity")) {
      return column;
    }
    return by.endsWith("]")
        ? by.replace("[", "(").replace("]", ", ") + column + ")"
        : by + "(" + column + ")";
  }

  /** What Spark is to bring together; functions are found as the catalog of routes says. */
  static Expression expression(Partition partition) {
    String column = partition.column();
    return switch (partition.by()) {
      case VALUE -> Expressions.column(column);
      case YEAR -> Expressions.years(column);
      case MONTH -> Expressions.months(column);
      case DAY -> Expressions.days(column);
      case HOUR -> Expressions.hours(column);
      case BUCKET -> Expressions.bucket(partition.size(), column);
      case TRUNCATE ->
          Expressions.apply(
              "truncate", Expressions.literal(partition.size()), Expressions.column(column));
    };
  }

  /** What is made of a column's values. */
  static Transform<Object, Object> transform(Partition partition) {
    @SuppressWarnings("unchecked") // it takes what its column holds
    Transform<Object, Object> transform =
        (Transform<Object, Object>)
            switch (partition.by()) {
              case VALUE -> Transforms.identity();
              case YEAR -> Transforms.year();
              case MONTH -> Transforms.month();
              case DAY -> Transforms.day();
              case HOUR -> Transforms.hour();
              case BUCKET -> Transforms.bucket(partition.size());
              case TRUNCATE -> Transforms.truncate(partition.size());
            };
    return transform;
  }

  /** The type that a folder's name is of, in Spark's words. */
  static String folderType(Partition partition, String columnType) {
    return switch (partition.by()) {
      case VALUE, TRUNCATE -> columnType;
      case YEAR, BUCKET -> "int";
      case MONTH, HOUR -> "string";
      case DAY -> "date";
    };
  }
}
