package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The table has as many rows as another one. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectTableRowCountToEqualOtherTable
    implements ExpectationType<ExpectTableRowCountToEqualOtherTable.Kwargs> {
  /** The arguments, named as in Great Expectations. */
  public record Kwargs(String otherTableName) {}

  @Override
  public Check compile(Kwargs kwargs, Scope scope) {
    Dataset<Row> other =
        scope
            .tables()
            .find(kwargs.otherTableName())
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "table '" + kwargs.otherTableName() + "' is not known here"));
    return new Check.AggregateCheck(
        List.of(Aggregates.rows(scope)),
        values -> {
          long self = (Long) values.get(0);
          long others = other.count();
          return new Check.Outcome(
              self == others, Map.of("observed_value", Fields.of("self", self, "other", others)));
        });
  }
}
