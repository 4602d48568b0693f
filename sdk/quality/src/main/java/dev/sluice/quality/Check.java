package dev.sluice.quality;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

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
      implements Check {

    /** True for the failing rows among those that a condition names; without one, among all. */
    Column failing(Optional<Column> condition) {
      // Said in few words, for others that ask the same to share its bit.
      Column failing = isNever(missing) ? unexpected : functions.not(missing).and(unexpected);
      return condition.map(failing::and).orElse(failing);
    }
  }

  /**
   * A question to all rows at once, answered by aggregates over what was staged.
   *
   * @param aggregates the aggregates, all evaluated in one pass with those of other checks
   * @param judge gets their values in order, answers success and the observed value
   * @param ofValues how they follow from the values of a column, where these are known
   */
  record AggregateCheck(
      List<Column> aggregates, Function<List<Object>, Outcome> judge, Optional<OfValues> ofValues)
      implements Check {
    /** Aggregates that do not follow from the values of one column. */
    public AggregateCheck(List<Column> aggregates, Function<List<Object>, Outcome> judge) {
      this(aggregates, judge, Optional.empty());
    }
  }

  /**
   * Aggregates that follow from how often each value of a column occurs.
   *
   * @param column the column
   * @param aggregates gets all of its values, answers the aggregates in order
   */
  record OfValues(String column, Function<Frequencies, List<Object>> aggregates) {}

  /**
   * A question to each row that needs to know all rows first: aggregates make the row check.
   *
   * @param aggregates the aggregates, evaluated with those of aggregate checks
   * @param next makes the check of rows of their values, in order
   */
  record FollowUpCheck(List<Column> aggregates, Function<List<Object>, RowCheck> next)
      implements Check {}

  /**
   * A question whether rows repeat, answered by grouping what was staged.
   *
   * @param columns the columns that must be unique together
   * @param missing true where the row has nothing to ask about; such rows never fail
   * @param mostly the share of non-missing rows that must pass, 0 to 1
   */
  record KeyCheck(List<String> columns, Column missing, double mostly) implements Check {}

  /**
   * A question to the distinct values of a column, answered by grouping what was staged.
   *
   * @param column the column
   * @param wanted values of interest, as text: their counts are known however many there are
   * @param judge gets the values and how often each occurs
   */
  record FrequencyCheck(String column, Set<String> wanted, Function<Frequencies, Outcome> judge)
      implements Check {}

  /**
   * A question to each row and the one before it, in the order in which they were written.
   *
   * @param column the column
   * @param direction whether values must rise or fall
   * @param mostly the share of non-missing rows that must pass, 0 to 1
   */
  record OrderCheck(String column, Direction direction, double mostly) implements Check {}

  /** Whether a question is answered with no for every row. */
  static boolean isNever(Column question) {
    return question.node().normalized().equals(functions.lit(false).node().normalized());
  }

  /** How a value may follow the one before it. */
  enum Direction {
    INCREASING,
    STRICTLY_INCREASING,
    DECREASING,
    STRICTLY_DECREASING
  }

  /**
   * A question that needs a pass of its own over what was staged.
   *
   * @param answer gets the rows that the expectation asks about
   */
  record PassCheck(Function<Dataset<Row>, Outcome> answer) implements Check {}

  /** A question to the schema, answered before any row is read. */
  record SchemaCheck(Outcome outcome) implements Check {}

  /** A question that cannot be asked of these rows; it harms no other. */
  record BrokenCheck(String reason, Cause cause) implements Check {}

  /** Why a question cannot be asked. */
  enum Cause {
    /** The suite does not fit the rows: a job refuses to start with it. */
    SUITE,
    /** No engine on Spark answers this. */
    UNSUPPORTED
  }

  /**
   * The answer to a check of all rows.
   *
   * @param success whether the expectation holds
   * @param result Great Expectations' {@code result} object
   * @param unexpected how many rows fail, where the check knows; else empty
   */
  record Outcome(boolean success, Map<String, Object> result, Optional<Long> unexpected) {
    /** An answer that does not speak of single rows. */
    public Outcome(boolean success, Map<String, Object> result) {
      this(success, result, Optional.empty());
    }
  }
}
