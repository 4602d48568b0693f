package dev.sluice.quality.type;

import dev.sluice.model.Nearest;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;

/** Spark's types by the names of their classes, as suites have them: IntegerType, StringType … */
final class SparkTypes {
  private static final List<String> USUAL =
      List.of(
          "BooleanType",
          "DateType",
          "DecimalType",
          "DoubleType",
          "FloatType",
          "IntegerType",
          "LongType",
          "StringType",
          "TimestampType");

  private SparkTypes() {}

  /** Spark names its types by class: {@code IntegerType$} is IntegerType. */
  static String nameOf(DataType type) {
    return type.getClass().getSimpleName().replace("$", "");
  }

  /** The class with this name, if Spark has it. */
  static Optional<Class<?>> named(String name) {
    try {
      return Optional.of(Class.forName(DataType.class.getPackageName() + "." + name));
    } catch (ClassNotFoundException | LinkageError e) {
      return Optional.empty(); // a name that differs in case alone fails to link on some systems
    }
  }

  /** What to say of a name that Spark does not have. */
  static IllegalArgumentException unknown(String kwarg, String name) {
    return new IllegalArgumentException(
        kwarg + " '" + name + "' is not a type of Spark. " + Nearest.hint(name, USUAL));
  }
}
