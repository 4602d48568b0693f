package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.Columns;
import dev.sluice.quality.ExpectationType;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/** Every text holds a match of a regular expression. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnValuesToMatchRegex
    implements ExpectationType<ExpectColumnValuesToMatchRegex.Kwargs> {

  /** The arguments, named as in Great Expectations. */
  public record Kwargs(String column, String regex, Optional<Double> mostly) {}

  @Override
  public String name() {
    return "expect_column_values_to_match_regex";
  }

  @Override
  public Class<Kwargs> kwargs() {
    return Kwargs.class;
  }

  @Override
  public Check compile(Kwargs kwargs, StructType schema) {
    try {
      Pattern.compile(kwargs.regex());
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException("regex is not valid: " + e.getDescription(), e);
    }
    Column column = Columns.text(kwargs.column(), schema);
    return new Check.RowCheck(
        List.of(kwargs.column()),
        column.isNull(),
        functions.not(column.rlike(kwargs.regex())),
        kwargs.mostly().orElse(1.0));
  }
}
