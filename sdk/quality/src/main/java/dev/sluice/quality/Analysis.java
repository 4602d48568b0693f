package dev.sluice.quality;

import static org.apache.spark.sql.functions.lit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** Asks Spark whether it understands expressions, before any of them stands in a plan. */
final class Analysis {

  /** What one expectation asks: values of each row, and aggregates of all. */
  record Asked(List<Column> values, List<Column> aggregates) {}

  private final Dataset<Row> nothing;

  Analysis(StructType schema) {
    this.nothing = SparkSession.active().createDataFrame(List.of(), schema);
  }

  /** Why those that Spark does not understand are refused, by their index. */
  Map<Integer, String> refused(List<Asked> all) {
    // All at once costs one analysis; only a suite with a mistake pays for one each.
    if (refusal(merged(all)).isEmpty()) {
      return Map.of();
    }
    Map<Integer, String> refused = new HashMap<>();
    for (int i = 0; i < all.size(); i++) {
      int index = i;
      refusal(all.get(i)).ifPresent(reason -> refused.put(index, reason));
    }
    return refused;
  }

  private static Asked merged(List<Asked> all) {
    return new Asked(
        all.stream().flatMap(one -> one.values().stream()).toList(),
        all.stream().flatMap(one -> one.aggregates().stream()).toList());
  }

  private Optional<String> refusal(Asked asked) {
    try {
      nothing.select(asked.values().toArray(Column[]::new)).schema();
      List<Column> aggregates = new ArrayList<>(asked.aggregates());
      nothing.agg(lit(1), aggregates.toArray(Column[]::new)).schema();
      return Optional.empty();
    } catch (Exception e) { // Spark throws AnalysisException, which its signatures do not declare
      return Optional.of(SparkErrors.reason(e));
    }
  }
}
