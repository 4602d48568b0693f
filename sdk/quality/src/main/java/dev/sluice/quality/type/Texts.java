package dev.sluice.quality.type;

import dev.sluice.quality.Check;
import dev.sluice.quality.Scope;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/** Checks of texts by code of our own, which runs beside Spark's. */
final class Texts {
  private Texts() {}

  /** Every text passes; a test sees no nulls. */
  static Check passing(ColumnValues kwargs, Scope scope, UDF1<String, Boolean> test) {
    UserDefinedFunction passes = functions.udf(new NotNull(test), DataTypes.BooleanType);
    return Values.check(
        kwargs.column(),
        scope,
        functions.not(passes.apply(scope.text(kwargs.column()))),
        kwargs.mostly());
  }

  /** Spark may ask about any row before it knows that the row is not asked. */
  private record NotNull(UDF1<String, Boolean> test) implements UDF1<String, Boolean> {
    @Override
    public Boolean call(String text) throws Exception {
      return text == null || test.call(text);
    }
  }
}
