package dev.sluice.runtime.lake;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.sluice.model.Scale;
import dev.sluice.model.SluiceException;
import dev.sluice.runtime.route.RouteCatalog;
import dev.sluice.runtime.spi.ClusterProvider;
import dev.sluice.runtime.spi.LakeConfig;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.util.Map;
import java.util.ServiceLoader;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import scala.jdk.javaapi.CollectionConverters;

/** Makes the Spark session of a run. */
final class SparkSessions {
  /** HotSpot's limit, which no flag moves. */
  private static final int LARGEST_COMPILED_BYTES = 8000;

  /** Partitions of a shuffle as long as nobody knows what is read. */
  private static final int SHUFFLE_PARTITIONS = 4;

  /** Of the ports that Spark takes. */
  private static final int LEAST_PORT = 1024;

  private static final int LARGEST_PORT = 65535;

  private SparkSessions() {}

  static SparkSession start(
      LakeConfig config,
      Map<String, String> iceberg,
      Map<String, String> hadoop,
      Map<String, String> formats) {
    SparkConf conf =
        new SparkConf(false)
            .setAppName("sluice")
            .set("spark.ui.enabled", "false")
            // Keys and values: also a command line, which may set any secret.
            .set(
                "spark.redaction.regex",
                "(?i)secret|password|token|credential|access[.]?key|--set\\b")
            .set("spark.metrics.staticSources.enabled", "false")
            .set("spark.sql.session.timeZone", "UTC")
            .set("spark.sql.datetime.java8API.enabled", "true")
            .set("spark.sql.shuffle.partitions", Integer.toString(shufflePartitions(config)))
            .set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
            .set("spark.sql.parquet.compression.codec", "zstd")
            .set("spark.sql.orc.compression.codec", "zstd")
            .set("spark.sql.avro.compression.codec", "zstandard")
            .set("spark.sql.catalogImplementation", "in-memory")
            .set("spark.sql.warehouse.dir", System.getProperty("java.io.tmpdir"))
            // A task that runs out of memory fails the run, which then says so and exits with 137;
            // by default Spark would end the process with a code of its own.
            .set("spark.executor.killOnFatalError.depth", "0");
    place(config).forEach(conf::set);
    pages(config).forEach(conf::set);
    conf.set("spark.plugins", ReadingFile.Plugin.class.getName());
    Integrity.OF_FILES.forEach(conf::set);
    conf.set("spark.sql.catalog." + RouteCatalog.NAME, RouteCatalog.class.getName());
    String catalog = "spark.sql.catalog." + Lake.CATALOG;
    conf.set(catalog, "org.apache.iceberg.spark.SparkCatalog");
    conf.set(catalog + ".cache-enabled", "false");
    if (!config.lakeKeys().isEmpty()) {
      // What is encrypted in its files is not to lie open in those of a shuffle.
      conf.set("spark.io.encryption.enabled", "true");
    }
    if (leavesLargeMethods()) {
      conf.set("spark.sql.codegen.hugeMethodLimit", Integer.toString(LARGEST_COMPILED_BYTES));
    }
    iceberg.forEach((key, value) -> conf.set(catalog + "." + key, value));
    hadoop.forEach((key, value) -> conf.set("spark.hadoop." + key, value));
    formats.forEach(conf::set);
    // The builder may hand out a session that an earlier run in this process has left behind.
    SparkSession.clearActiveSession();
    SparkSession.clearDefaultSession();
    return SparkSession.builder().config(conf).getOrCreate();
  }

  /** The settings of a session as they are now. */
  static Map<String, String> settings(SparkSession spark) {
    return Map.copyOf(CollectionConverters.asJava(spark.conf().getAll()));
  }

  /** Takes back what a run has left in a session: settings, views, and rows that it has cached. */
  static void tidy(SparkSession spark, Map<String, String> atStart) {
    Map<String, String> now = settings(spark);
    now.keySet().stream()
        .filter(key -> !atStart.containsKey(key))
        .forEach(key -> spark.conf().unset(key));
    atStart.forEach(
        (key, value) -> {
          if (!value.equals(now.get(key))) {
            spark.conf().set(key, value);
          }
        });
    spark.sessionState().catalog().clearTempTables();
    spark.catalog().clearCache();
  }

  private static int shufflePartitions(LakeConfig config) {
    int asked = config.sparkShufflePartitions();
    if (asked < 0) {
      throw SluiceException.config(
          "Cannot start Spark: spark.shuffle-partitions is %d. Set it to a number above 0, or to 0"
              + " for as many as the size of the inputs asks for",
          asked);
    }
    return asked == 0 ? SHUFFLE_PARTITIONS : asked;
  }

  /** In this process alone, or with executors elsewhere. */
  private static Map<String, String> place(LakeConfig config) {
    Scale scale = Scale.parse(config.sparkScale());
    if (scale.isLocal()) {
      return Map.of(
          "spark.master",
          "local[" + config.sparkCores() + "]",
          "spark.driver.host",
          "localhost",
          "spark.driver.bindAddress",
          "127.0.0.1");
    }
    return ServiceLoader.load(ClusterProvider.class)
        .findFirst()
        .orElseThrow(
            () ->
                SluiceException.config(
                    "Cannot run on %s: no connector for a cluster is in this image. Add the dependency"
                        + " sluice-connect-kubernetes, or set spark.scale to local",
                    scale.text()))
        .spark(scale, config, System.getenv());
  }

  /** Spark's own pages, where somebody wants them; a port that is taken fails no run. */
  private static Map<String, String> pages(LakeConfig config) {
    int asked = config.sparkUiPort();
    if (asked == 0) {
      return Map.of();
    }
    if (asked < LEAST_PORT || asked > LARGEST_PORT) {
      throw SluiceException.config(
          "Cannot start Spark: spark.ui-port is %d. Set it to a port from %d to %d, or to 0 for no"
              + " pages",
          asked, LEAST_PORT, LARGEST_PORT);
    }
    return Map.of(
        "spark.ui.enabled", "true",
        "spark.ui.port", isFree(asked) ? Integer.toString(asked) : "0",
        "spark.ui.killEnabled", "false");
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port)) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }

  /**
   * Whether this JVM interprets methods above a size for ever, as it does unless it is told
   * otherwise. A suite of forty checks makes such a method: better that Spark makes several.
   */
  private static boolean leavesLargeMethods() {
    HotSpotDiagnosticMXBean jvm =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    return jvm != null && jvm.getVMOption("DontCompileHugeMethods").getValue().equals("true");
  }
}
