package dev.sluice.jobs.flights.bench;

import dev.sluice.quality.OtherTables;
import dev.sluice.quality.SuiteParser;
import dev.sluice.quality.SuitePlan;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** How long a large suite takes until it can be asked: five hundred checks on 250 columns. */
final class SuiteBench {
  private static final int COLUMNS = 250;
  private static final int CHECKS = 500;
  private static final int LATER = 5;

  private SuiteBench() {}

  static void main(SparkSession spark) {
    StructType schema =
        StructType.fromDDL(
            IntStream.range(0, COLUMNS)
                .mapToObj(i -> "c" + i + " double")
                .collect(Collectors.joining(", ")));
    String suite =
        IntStream.range(0, CHECKS)
            .mapToObj(
                i ->
                    String.format(
                        "{\"type\": \"expect_column_values_to_be_between\","
                            + " \"kwargs\": {\"column\": \"c%d\", \"min_value\": %d}}",
                        i % COLUMNS, i))
            .collect(Collectors.joining(",", "{\"name\": \"large\", \"expectations\": [", "]}"));
    spark.range(1).count();
    double first = milliseconds(suite, schema);
    double later = 0;
    for (int i = 0; i < LATER; i++) {
      later += milliseconds(suite, schema) / LATER;
    }
    System.out.printf("{\"first\": %.1f, \"later\": %.1f}%n", first, later);
  }

  private static double milliseconds(String suite, StructType schema) {
    long start = System.nanoTime();
    SuitePlan.compile(SuiteParser.parse(suite, "large.json"), schema, OtherTables.NONE);
    return (System.nanoTime() - start) / 1e6;
  }
}
