package dev.sluice.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.SluiceException;
import dev.sluice.runtime.lake.Lake;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShufflesTest {
  private static final String SETTING = "spark.sql.shuffle.partitions";
  private static final int USUAL = 4;

  @Test
  void aSmallInputHasTheUsual() {
    assertThat(Shuffles.partitions(0, 2, USUAL)).isEqualTo(USUAL);
    assertThat(Shuffles.partitions(USUAL * Shuffles.BYTES, 64, USUAL)).isEqualTo(USUAL);
  }

  @Test
  void aLargeOneHasOneForSoManyBytes() {
    assertThat(Shuffles.partitions(100 * Shuffles.BYTES + 1, 2, USUAL)).isEqualTo(101);
  }

  @Test
  void noSlotIsIdle() {
    assertThat(Shuffles.partitions(5 * Shuffles.BYTES, 64, USUAL)).isEqualTo(64);
  }

  @Test
  void thereIsAMost() {
    assertThat(Shuffles.partitions(Long.MAX_VALUE / 2, 64, USUAL)).isEqualTo(Shuffles.MOST);
  }

  @Test
  void aSessionIsSetAndTheLogSaysSo() throws Exception {
    try (SparkSession spark = spark()) {
      assertThat(Shuffles.fit(spark, Shuffles.BYTES)).isEmpty();
      assertThat(spark.conf().get(SETTING)).isEqualTo("4");

      assertThat(Shuffles.fit(spark, 10 * Shuffles.BYTES))
          .contains("shuffles have 10 partitions, for 320 MiB of input");
      assertThat(spark.conf().get(SETTING)).isEqualTo("10");
    }
  }

  @Test
  void ofALargeTableOnlyWhatIsReadCounts() throws Exception {
    try (SparkSession spark = spark()) {
      Dataset<Row> large = spark.range(100_000_000).toDF();
      Dataset<Row> small = spark.range(1000).toDF();
      Dataset<Row> untold =
          spark.createDataFrame(
              new JavaSparkContext(spark.sparkContext()).<Row>emptyRDD(), large.schema());

      assertThat(TableSize.of(large, large)).isEqualTo(800_000_000);
      assertThat(TableSize.of(large, small)).isEqualTo(8000);
      assertThat(TableSize.of(small, large)).as("of a small one nobody asks").isEqualTo(8000);
      assertThat(TableSize.of(untold, untold)).isZero();
    }
  }

  @Test
  void aNumberBelowZeroIsRefused(@TempDir Path folder) {
    Map<String, String> settings =
        Map.of("lake.warehouse", folder.toUri().toString(), "spark.shuffle-partitions", "-1");
    try (Lake lake = Lake.open(settings)) {
      assertThatThrownBy(lake::spark)
          .isInstanceOf(SluiceException.class)
          .hasMessage(
              "Cannot start Spark: spark.shuffle-partitions is -1. Set it to a number above 0, or to 0"
                  + " for as many as the size of the inputs asks for");
    }
  }

  private static SparkSession spark() {
    return SparkSession.builder()
        .master("local[2]")
        .config("spark.ui.enabled", "false")
        .config(SETTING, USUAL)
        .getOrCreate();
  }
}
