package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.types.StructType;

/** The rows have these columns, and by default no others. */
@AutoService(ExpectationType.class)
public final class ExpectTableColumnsToMatchSet
    implements ExpectationType<ExpectTableColumnsToMatchSet.Kwargs> {

  /** The arguments, named as in Great Expectations. */
  public record Kwargs(List<String> columnSet, Optional<Boolean> exactMatch) {}

  @Override
  public String name() {
    return "expect_table_columns_to_match_set";
  }

  @Override
  public Class<Kwargs> kwargs() {
    return Kwargs.class;
  }

  @Override
  public Check compile(Kwargs kwargs, StructType schema) {
    Set<String> observed = new TreeSet<>(Arrays.asList(schema.fieldNames()));
    Set<String> expected = new TreeSet<>(kwargs.columnSet());
    boolean success =
        kwargs.exactMatch().orElse(true)
            ? observed.equals(expected)
            : observed.containsAll(expected);
    return new Check.SchemaCheck(
        new Check.Outcome(success, Map.of("observed_value", List.copyOf(observed))));
  }
}
