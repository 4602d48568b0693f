package dev.sluice.runtime.lineage;

import dev.sluice.model.Lineage.Origin;
import dev.sluice.runtime.lineage.PlanOrigins.Made;
import dev.sluice.runtime.lineage.PlanOrigins.TooLong;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;

/**
 * The columns of a job's output, and the columns of its inputs that each is made of.
 *
 * <p>Read from the analyzed plan alone, before anything runs: it touches no data.
 *
 * @param columns by column of the output; empty where the plan could not be read
 * @param rows the columns that decide which rows there are, and in which order
 * @param notes what is not said, or said too broadly, and why
 */
public record ColumnLineage(
    Map<String, List<Origin>> columns, List<Origin> rows, List<String> notes) {

  /** The most pairs of an output's column and an input's that a receipt holds. */
  static final int MOST_PAIRS = 5_000;

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** The lineage of a plan; never fails and never takes long. */
  public static ColumnLineage of(LogicalPlan made, Map<String, LogicalPlan> inputs) {
    return of(made, inputs, PATIENCE);
  }

  static ColumnLineage of(LogicalPlan made, Map<String, LogicalPlan> inputs, Duration patience) {
    List<InputPlan> known =
        inputs.entrySet().stream().map(e -> new InputPlan(e.getKey(), e.getValue())).toList();
    PlanOrigins plans = new PlanOrigins(known, System.nanoTime() + patience.toNanos());
    try {
      return told(made, plans.of(made, Map.of()), new ArrayList<>(plans.notes()));
    } catch (TooLong e) {
      return nothing("the plan took longer to read than " + patience.toMillis() + " ms");
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      // What Spark's plans look like is not promised: not to know is no reason to fail.
      return nothing("the plan could not be read: " + e.getClass().getSimpleName());
    }
  }

  private static ColumnLineage nothing(String reason) {
    return new ColumnLineage(Map.of(), List.of(), List.of("columns are not told: " + reason));
  }

  private static ColumnLineage told(LogicalPlan plan, Made made, List<String> notes) {
    Map<String, List<Origin>> columns = new LinkedHashMap<>();
    int pairs = made.rows().size();
    int left = 0;
    for (Attribute attribute : PlanOrigins.output(plan)) {
      Origins origins = made.of(attribute);
      if (attribute.name().startsWith("_sluice")) {
        continue;
      }
      if (pairs + origins.size() > MOST_PAIRS) {
        left++;
        continue;
      }
      pairs += origins.size();
      columns.put(attribute.name(), origins.told());
    }
    if (left > 0) {
      notes.add(
          String.format(
              "%d of %d columns are not told: together they have more than %d origins",
              left, left + columns.size(), MOST_PAIRS));
    }
    return new ColumnLineage(columns, made.rows().told(), notes);
  }
}
