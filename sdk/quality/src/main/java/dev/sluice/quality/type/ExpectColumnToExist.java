package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.types.StructType;

/** The rows have this column. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnToExist implements ExpectationType<ExpectColumnToExist.Kwargs> {

  /** The arguments, named as in Great Expectations. */
  public record Kwargs(String column, Optional<Long> columnIndex) {}

  @Override
  public String name() {
    return "expect_column_to_exist";
  }

  @Override
  public Class<Kwargs> kwargs() {
    return Kwargs.class;
  }

  @Override
  public Check compile(Kwargs kwargs, StructType schema) {
    int index = Arrays.asList(schema.fieldNames()).indexOf(kwargs.column());
    boolean exists = index >= 0 && kwargs.columnIndex().map(wanted -> wanted == index).orElse(true);
    return new Check.SchemaCheck(new Check.Outcome(exists, Map.of()));
  }
}
