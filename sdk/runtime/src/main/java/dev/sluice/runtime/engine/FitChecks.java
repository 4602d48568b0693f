package dev.sluice.runtime.engine;

import dev.sluice.model.Json;
import dev.sluice.quality.Expectation;
import dev.sluice.quality.Suite;
import dev.sluice.quality.SuiteParser;
import dev.sluice.runtime.spi.Fit;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructType;

/** Expectations that send to quarantine what a table cannot hold whose columns stay as they are. */
final class FitChecks {
  private FitChecks() {}

  /** A suite that asks them as well. */
  static Suite with(Suite suite, Fit fit, StructType declared) {
    List<Object> more = new ArrayList<>();
    fit.columns()
        .forEach(
            (column, there) -> {
              if (there.isEmpty()) {
                more.add(expectation("expect_column_values_to_be_null", column, Map.of()));
              } else {
                limits(DataType.fromDDL(there), declared.apply(column).dataType())
                    .forEach((type, limits) -> more.add(expectation(type, column, limits)));
              }
            });
    if (more.isEmpty()) {
      return suite;
    }
    String text = Json.line(Map.of("name", "fit", "expectations", more));
    List<Expectation> all = new ArrayList<>(suite.expectations());
    all.addAll(SuiteParser.parse(text, "fit", Map.of()).expectations());
    return suite.asking(all);
  }

  /** The range of the narrow type; nothing to ask where it is the declared one. */
  private static Map<String, Map<String, Object>> limits(DataType there, DataType declared) {
    if (there.equals(DataTypes.IntegerType) && declared.equals(DataTypes.LongType)) {
      return between(Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
    if (there instanceof DecimalType narrow
        && declared instanceof DecimalType wide
        && narrow.precision() < wide.precision()) {
      BigInteger digits = BigInteger.TEN.pow(narrow.precision()).subtract(BigInteger.ONE);
      BigDecimal most = new BigDecimal(digits, narrow.scale());
      return between(most.negate(), most);
    }
    return Map.of();
  }

  private static Map<String, Map<String, Object>> between(Object least, Object most) {
    return Map.of(
        "expect_column_values_to_be_between", Map.of("min_value", least, "max_value", most));
  }

  private static Map<String, Object> expectation(
      String type, String column, Map<String, Object> arguments) {
    Map<String, Object> kwargs = new LinkedHashMap<>();
    kwargs.put("column", column);
    kwargs.putAll(arguments);
    return Map.of(
        "type",
        type,
        "kwargs",
        kwargs,
        "meta",
        Map.of("sluice", Map.of("id", column + "_fits_the_table", "onFailure", "quarantine")));
  }
}
