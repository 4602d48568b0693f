package dev.sluice.runtime.lake;

import dev.sluice.model.SluiceException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/**
 * What every read and write holds to: a page is written with its checksum and compared with it, and
 * what cannot be read ends the run. Spark would leave a file out in silence, were it told to.
 */
public final class Integrity {
  /** What readers and writers of Parquet files ask, Spark's own and Iceberg's. */
  static final Map<String, String> OF_PAGES =
      Map.of(
          "parquet.page.write-checksum.enabled", "true",
          "parquet.page.verify-checksum.enabled", "true");

  /** What Spark asks when a file cannot be read. */
  static final Map<String, String> OF_FILES =
      Map.of(
          "spark.sql.files.ignoreCorruptFiles", "false",
          "spark.sql.files.ignoreMissingFiles", "false");

  private Integrity() {}

  /**
   * Refuses to go on where a job has told the session otherwise.
   *
   * @throws SluiceException of kind CONFIG that names the setting
   */
  public static void require(String job, SparkSession spark) {
    Map<String, String> wanted = new TreeMap<>(OF_PAGES);
    wanted.putAll(OF_FILES);
    // Whatever is set in a session, files are read and written with.
    Configuration hadoop = spark.sessionState().newHadoopConf();
    wanted.forEach(
        (key, value) -> {
          String found = Optional.ofNullable(hadoop.get(key)).orElse(value);
          if (!found.equalsIgnoreCase(value)) {
            throw SluiceException.config(
                "Cannot run %s: it sets %s to %s, and what is corrupt or gone would be taken for"
                    + " good or left out in silence. Remove that, and deliver the files again",
                job, key, found);
          }
        });
  }
}
