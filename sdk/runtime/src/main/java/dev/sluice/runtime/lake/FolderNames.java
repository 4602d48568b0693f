package dev.sluice.runtime.lake;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.Partition;
import dev.sluice.model.SluiceException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.iceberg.spark.SparkSchemaUtil;
import org.apache.iceberg.transforms.Transform;
import org.apache.iceberg.types.Type;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.catalog.ExternalCatalogUtils;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** Names the folders of rows: one text for each partition of their table. */
final class FolderNames {
  private final String root;
  private final List<One> parts = new ArrayList<>();

  /** One partition: where its column stands, and the text that a value of it gives. */
  private record One(int ordinal, DataType type, Function<Object, String> text) {}

  FolderNames(String root, List<Partition> partitions, StructType schema) {
    this.root = root;
    for (Partition partition : partitions) {
      int ordinal = schema.fieldIndex(partition.column());
      DataType type = schema.apply(ordinal).dataType();
      parts.add(new One(ordinal, type, text(partition, type)));
    }
  }

  /** The texts of a row. */
  List<String> of(InternalRow row) {
    List<String> values = new ArrayList<>(parts.size());
    for (One part : parts) {
      values.add(
          row.isNullAt(part.ordinal())
              ? nullName()
              : named(part.text().apply(row.get(part.ordinal(), part.type()))));
    }
    return values;
  }

  private static String nullName() {
    return ExternalCatalogUtils.DEFAULT_PARTITION_NAME();
  }

  private String named(String text) {
    if (text.isEmpty() || text.equals(nullName())) {
      throw new SluiceException(
          ErrorKind.DATA,
          String.format(
              "Cannot write to %s: a partition column holds the text '%s', which no folder's name"
                  + " can tell from null. Filter or correct such rows, or use an Iceberg table",
              root, text));
    }
    return text;
  }

  private static Function<Object, String> text(Partition partition, DataType type) {
    if (partition.by() == Partition.By.VALUE) {
      return type.simpleString().equals("date")
          ? value -> LocalDate.ofEpochDay((Integer) value).toString()
          : Object::toString;
    }
    Transform<Object, Object> transform = Partitions.transform(partition);
    Type source = SparkSchemaUtil.convert(type);
    Type result = transform.getResultType(source);
    Function<Object, Object> made = transform.bind(source);
    return value -> transform.toHumanString(result, made.apply(external(value)));
  }

  /** The value in the class that Iceberg has for it. */
  private static Object external(Object value) {
    return value instanceof UTF8String text
        ? text.toString()
        : value instanceof Decimal decimal ? decimal.toJavaBigDecimal() : value;
  }
}
