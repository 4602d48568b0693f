package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/** Every text holds a match of a regular expression. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnValuesToMatchRegex
    implements ExpectationType<ExpectColumnValuesToMatchRegex.Kwargs> {

  /** The arguments, named as in Great Expectations. */
  public record Kwargs(String column, String regex, Optional<Double> mostly) {}

  @Override
  public Check compile(Kwargs kwargs, Scope scope) {
    try {
      Pattern.compile(kwargs.regex());
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException("regex is not valid: " + e.getDescription(), e);
    }
    Column column = scope.text(kwargs.column());
    return new Check.RowCheck(
        List.of(kwargs.column()),
        column.isNull(),
        functions.not(column.rlike(kwargs.regex())),
        kwargs.mostly().orElse(1.0));
  }
}
