package dev.sluice.quality;

import static org.apache.spark.sql.functions.not;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.quality.condition.Condition;
import dev.sluice.quality.condition.Condition.Comparison;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser$;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/** Row conditions as Spark's columns. */
public final class ConditionColumns {
  private ConditionColumns() {}

  /**
   * True for the rows that a condition names; null where a compared value is null.
   *
   * @throws IllegalArgumentException where it does not fit the schema, with the reason
   */
  public static Column of(Condition condition, StructType schema) {
    if (condition instanceof Comparison one) {
      return comparison(one, schema);
    }
    if (condition instanceof Condition.Nullity one) {
      Column column = Columns.of(one.column(), schema);
      return one.isNull() ? column.isNull() : column.isNotNull();
    }
    if (condition instanceof Condition.And all) {
      return each(all.conditions(), schema).stream().reduce(Column::and).orElseThrow();
    }
    if (condition instanceof Condition.Or any) {
      return each(any.conditions(), schema).stream().reduce(Column::or).orElseThrow();
    }
    if (condition instanceof Condition.Not one) {
      return not(of(one.condition(), schema));
    }
    return sql(((Condition.PassThrough) condition).sql());
  }

  private static List<Column> each(List<Condition> conditions, StructType schema) {
    return conditions.stream().map(one -> of(one, schema)).toList();
  }

  private static Column comparison(Comparison one, StructType schema) {
    Column column = Columns.of(one.column(), schema);
    DataType type = Columns.typeOf(one.column(), schema);
    return switch (one.operator()) {
      case EQUAL -> column.equalTo(Columns.literal(one.value(), type));
      case NOT_EQUAL -> column.notEqual(Columns.literal(one.value(), type));
      case LESS -> column.lt(Columns.literal(one.value(), type));
      case LESS_OR_EQUAL -> column.leq(Columns.literal(one.value(), type));
      case GREATER -> column.gt(Columns.literal(one.value(), type));
      case GREATER_OR_EQUAL -> column.geq(Columns.literal(one.value(), type));
      case IN -> column.isin(literals(one.value(), type));
      case NOT_IN -> not(column.isin(literals(one.value(), type)));
    };
  }

  private static Object[] literals(JsonNode values, DataType type) {
    return StreamSupport.stream(values.spliterator(), false)
        .map(value -> (Object) Columns.literal(value, type))
        .toArray();
  }

  /** Parsed here, as Spark would do it only when the rows are read. */
  private static Column sql(String sql) {
    try {
      CatalystSqlParser$.MODULE$.parseExpression(sql);
      return functions.expr(sql);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) { // Scala declares none, and throws a checked one
      throw new IllegalArgumentException(
          "row_condition is not valid SQL: " + e.getMessage().lines().findFirst().orElse(""), e);
    }
  }
}
