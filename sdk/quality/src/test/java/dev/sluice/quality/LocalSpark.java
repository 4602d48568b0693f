package dev.sluice.quality;

import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/** One small Spark for all tests of this module, set as a run's own. */
final class LocalSpark {
  private static final SparkSession SESSION =
      SparkSession.builder()
          .master("local[2]")
          .appName("quality-tests")
          .config("spark.ui.enabled", "false")
          .config("spark.driver.host", "localhost")
          .config("spark.driver.bindAddress", "127.0.0.1")
          .config("spark.sql.shuffle.partitions", "2")
          .config("spark.sql.session.timeZone", "UTC")
          .config("spark.sql.datetime.java8API.enabled", "true")
          .config("spark.sql.catalogImplementation", "in-memory")
          .getOrCreate();

  private LocalSpark() {}

  static SparkSession session() {
    return SESSION;
  }

  /** Runs something with another setting than the usual one. */
  static <T> T with(String key, String value, Supplier<T> work) {
    String usual = SESSION.conf().get(key);
    SESSION.conf().set(key, value);
    try {
      return work.get();
    } finally {
      SESSION.conf().set(key, usual);
    }
  }
}
