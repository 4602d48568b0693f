package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import java.util.Arrays;
import java.util.Map;
import org.apache.spark.sql.types.StructType;

/** The rows have this column. */
@AutoService(ExpectationType.class)
public final class ExpectColumnToExist implements ExpectationType<ExpectColumnToExist.Kwargs> {

  /** The arguments, named as in Great Expectations. */
  public record Kwargs(String column) {}

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
    boolean exists = Arrays.asList(schema.fieldNames()).contains(kwargs.column());
    return new Check.SchemaCheck(new Check.Outcome(exists, Map.of()));
  }
}
