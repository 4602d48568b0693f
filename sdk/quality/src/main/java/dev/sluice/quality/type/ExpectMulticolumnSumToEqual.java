package dev.sluice.quality.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.Columns;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.JsonTypes;
import dev.sluice.quality.Scope;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegralType;

/**
 * In every row, the values of several columns add up to a number; one that is missing adds nothing.
 */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectMulticolumnSumToEqual
    implements ExpectationType<ExpectMulticolumnSumToEqual.Kwargs> {
  /** The arguments, named as in Great Expectations. */
  public record Kwargs(
      List<String> columnList,
      @JsonTypes("number") JsonNode sumTotal,
      Optional<String> ignoreRowIf,
      Optional<Double> mostly) {}

  @Override
  public Check compile(Kwargs kwargs, Scope scope) {
    List<String> columns = kwargs.columnList();
    List<DataType> types = columns.stream().map(scope::typeOf).toList();
    boolean exact = types.stream().noneMatch(ExpectMulticolumnSumToEqual::isFloating);
    Column sum =
        columns.stream()
            .map(name -> term(name, scope))
            .reduce(exact ? functions::try_add : Column::plus)
            .orElseThrow();
    Column total =
        Columns.literal(kwargs.sumTotal(), exact ? DataTypes.LongType : DataTypes.DoubleType);
    return new Check.RowCheck(
        columns,
        ColumnLists.missing(columns, kwargs.ignoreRowIf(), scope),
        // A sum that is too great to be held is null, and no total that could be asked for.
        functions.coalesce(sum.notEqual(total), functions.lit(true)),
        kwargs.mostly().orElse(1.0));
  }

  private static boolean isFloating(DataType type) {
    return type instanceof DoubleType || type instanceof FloatType;
  }

  private static Column term(String name, Scope scope) {
    Column value = functions.coalesce(scope.number(name), functions.lit(0));
    return scope.typeOf(name) instanceof IntegralType ? value.cast("decimal(20,0)") : value;
  }
}
