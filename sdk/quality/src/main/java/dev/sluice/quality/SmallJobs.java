package dev.sluice.quality;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.spark.sql.RuntimeConfig;
import org.apache.spark.sql.SparkSession;

/** Settings for queries that move little: each is one job, which adaptive execution would split. */
final class SmallJobs {
  private static final Map<String, String> SETTINGS = Map.of("spark.sql.adaptive.enabled", "false");

  private SmallJobs() {}

  static <T> T on(SparkSession spark, Supplier<T> queries) {
    RuntimeConfig settings = spark.conf();
    Map<String, String> before = new TreeMap<>();
    SETTINGS.forEach(
        (key, value) -> {
          before.put(key, settings.get(key));
          settings.set(key, value);
        });
    try {
      return queries.get();
    } finally {
      before.forEach(settings::set);
    }
  }
}
