package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.Check.Outcome;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Plain;
import dev.sluice.quality.Scope;
import dev.sluice.quality.SparkErrors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;

/** A query of the rows, there called {batch}, finds nothing. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class UnexpectedRowsExpectation
    implements ExpectationType<UnexpectedRowsExpectation.Kwargs> {
  private static final int MOST_LISTED = 200;
  private static final String VIEW = "sluice_batch_";

  /** The arguments, named as in Great Expectations. */
  public record Kwargs(String unexpectedRowsQuery) {}

  @Override
  public Check compile(Kwargs kwargs, Scope scope) {
    String query = kwargs.unexpectedRowsQuery().strip().replaceFirst(";$", "");
    try {
      SparkSession spark = SparkSession.active();
      over(spark.createDataFrame(List.of(), scope.schema()), query, Dataset::schema);
    } catch (Exception e) { // AnalysisException, which the signatures do not declare
      throw new IllegalArgumentException(
          "unexpected_rows_query is not a query of these columns: " + reason(e), e);
    }
    return new Check.PassCheck(rows -> over(rows, query, UnexpectedRowsExpectation::outcome));
  }

  private static String reason(Exception e) {
    return SparkErrors.reason(e).replaceAll(VIEW + "[0-9a-f]+", "{batch}");
  }

  private static <T> T over(Dataset<Row> rows, String query, Function<Dataset<Row>, T> use) {
    String view = VIEW + UUID.randomUUID().toString().replace("-", "");
    rows.createOrReplaceTempView(view);
    try {
      // In parentheses nothing but a query is understood: no statement that changes something.
      String text = "SELECT * FROM (" + query.replace("{batch}", view) + "\n)";
      return use.apply(rows.sparkSession().sql(text));
    } finally {
      rows.sparkSession().catalog().dropTempView(view);
    }
  }

  private static Outcome outcome(Dataset<Row> found) {
    long count = found.count();
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("observed_value", count);
    result.put("details", Map.of("unexpected_rows", count == 0 ? List.of() : listed(found)));
    return new Outcome(count == 0, result, Optional.of(count));
  }

  private static List<Map<String, Object>> listed(Dataset<Row> found) {
    StructField[] fields = found.schema().fields();
    String[] names = new String[fields.length];
    Arrays.setAll(names, i -> "c" + i);
    Dataset<Row> numbered = found.toDF(names);
    Column[] shown = new Column[fields.length];
    Arrays.setAll(shown, i -> Plain.shown(numbered.col(names[i]), fields[i].dataType()));
    return numbered.select(shown).limit(MOST_LISTED).collectAsList().stream()
        .map(row -> named(fields, row))
        .toList();
  }

  private static Map<String, Object> named(StructField[] fields, Row row) {
    Map<String, Object> named = new LinkedHashMap<>();
    for (int i = 0; i < fields.length; i++) {
      named.put(fields[i].name(), row.get(i));
    }
    return named;
  }
}
