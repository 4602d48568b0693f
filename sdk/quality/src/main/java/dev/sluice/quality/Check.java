package dev.sluice.quality;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.sql.Column;

/** What an expectation asks of the rows, in the one form that its kind is answered in. */
public sealed interface Check {

  /**
   * A question to each row, answered by one bit while the rows are written.
   *
   * @param columns the columns it looks at
   * @param missing true where the row has nothing to ask about; such rows never fail
   * @param unexpected true where the row fails; null counts as false
   * @param mostly the share of non-missing rows that must pass, 0 to 1
   */
  record RowCheck(List<String> columns, Column missing, Column unexpected, double mostly)
      implements Check {}

  /**
   * A question to all rows at once, answered by aggregates over what was staged.
   *
   * @param aggregates the aggregates, all evaluated in one pass with those of other checks
   * @param judge gets their values in order, answers success and the observed value
   */
  record AggregateCheck(List<Column> aggregates, Function<List<Object>, Outcome> judge)
      implements Check {}

  /**
   * A question whether rows repeat, answered by grouping what was staged.
   *
   * @param columns the columns that must be unique together
   * @param missing true where the row has nothing to ask about; such rows never fail
   * @param mostly the share of non-missing rows that must pass, 0 to 1
   */
  record KeyCheck(List<String> columns, Column missing, double mostly) implements Check {}

  /** A question to the schema, answered before any row is read. */
  record SchemaCheck(Outcome outcome) implements Check {}

  /**
   * The answer to an aggregate or schema check.
   *
   * @param success whether the expectation holds
   * @param result Great Expectations' {@code result} object
   */
  record Outcome(boolean success, Map<String, Object> result) {}
}
