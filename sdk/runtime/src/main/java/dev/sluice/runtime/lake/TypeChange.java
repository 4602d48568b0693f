package dev.sluice.runtime.lake;

import java.util.Arrays;
import java.util.Map;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** How one type of a column differs from another; wider and narrower as Iceberg promotes types. */
enum TypeChange {
  NONE,
  /** All values of the one are values of the other, with the same digits. */
  WIDER,
  NARROWER,
  /** Fields inside it are new or wider, and none is missing. */
  GROWN,
  OTHER;

  private static final Map<DataType, DataType> WIDER_NUMBERS =
      Map.of(DataTypes.IntegerType, DataTypes.LongType, DataTypes.FloatType, DataTypes.DoubleType);

  /** Compares two types of Spark SQL; one that Spark does not know is another. */
  static TypeChange of(String from, String to) {
    try {
      return of(DataType.fromDDL(from), DataType.fromDDL(to));
    } catch (Exception e) { // ParseException, which Scala throws undeclared
      return OTHER;
    }
  }

  private static TypeChange of(DataType from, DataType to) {
    if (from.catalogString().equals(to.catalogString())) {
      return NONE;
    }
    if (widens(from, to)) {
      return WIDER;
    }
    if (widens(to, from)) {
      return NARROWER;
    }
    return grows(from, to) ? GROWN : OTHER;
  }

  private static boolean widens(DataType from, DataType to) {
    if (from instanceof DecimalType narrow && to instanceof DecimalType wide) {
      return narrow.scale() == wide.scale() && narrow.precision() < wide.precision();
    }
    DataType wider = WIDER_NUMBERS.get(from);
    return wider != null && wider.equals(to);
  }

  private static boolean grows(DataType from, DataType to) {
    if (from instanceof StructType before && to instanceof StructType after) {
      return Arrays.stream(before.fields()).allMatch(field -> kept(field, after));
    }
    if (from instanceof ArrayType before && to instanceof ArrayType after) {
      return inside(before.elementType(), after.elementType());
    }
    return from instanceof MapType before
        && to instanceof MapType after
        && of(before.keyType(), after.keyType()) == NONE
        && inside(before.valueType(), after.valueType());
  }

  private static boolean kept(StructField field, StructType after) {
    return after.getFieldIndex(field.name()).isDefined()
        && inside(field.dataType(), after.apply(field.name()).dataType());
  }

  private static boolean inside(DataType from, DataType to) {
    TypeChange change = of(from, to);
    return change == NONE || change == WIDER || change == GROWN;
  }
}
