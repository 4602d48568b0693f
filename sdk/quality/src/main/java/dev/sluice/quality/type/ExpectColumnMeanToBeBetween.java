package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Bounds;
import dev.sluice.quality.Check;
import dev.sluice.quality.Check.AggregateCheck;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.LongType;

/** The mean of the values falls into a range. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnMeanToBeBetween implements ExpectationType<ColumnRange> {
  /** As many digits more than the values have as Spark gives a mean. */
  private static final int MORE_DIGITS = 4;

  private static final int LONG_DIGITS = 16;

  @Override
  public Check compile(ColumnRange kwargs, Scope scope) {
    DataType type = scope.typeOf(kwargs.column());
    if (type instanceof LongType || type instanceof DecimalType) {
      return exact(kwargs, scope, type);
    }
    return Aggregates.between(
        functions.avg(scope.observed(scope.number(kwargs.column()))), kwargs.bounds());
  }

  /** Spark's own mean loses digits of longs, and has no room for those of wide decimals. */
  private static Check exact(ColumnRange kwargs, Scope scope, DataType type) {
    int scale = type instanceof DecimalType decimal ? decimal.scale() + MORE_DIGITS : LONG_DIGITS;
    Bounds range = kwargs.bounds().ofNumbers();
    return new AggregateCheck(
        List.of(Aggregates.sum(kwargs.column(), scope), Aggregates.present(kwargs.column(), scope)),
        values ->
            Aggregates.observed(
                values.get(0) instanceof BigDecimal sum
                    ? mean(sum, (Long) values.get(1), scale)
                    : null,
                range));
  }

  private static BigDecimal mean(BigDecimal sum, long count, int scale) {
    BigDecimal mean =
        sum.divide(BigDecimal.valueOf(count), scale, RoundingMode.HALF_UP).stripTrailingZeros();
    return mean.scale() < 1 ? mean.setScale(1) : mean;
  }
}
