package dev.sluice.quality;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.percentile;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What tasks count of values is what Spark says of them when it is asked. */
class ValueCountsTest {
  private static final StructType SCHEMA =
      StructType.fromDDL(
          "whole bigint, real double, exact decimal(20,2), text string, flag boolean, tiny tinyint,"
              + " small smallint, middle int, short_real float");

  private static final List<String> COLUMNS = List.of(SCHEMA.fieldNames());

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 7, 1000})
  void countsAndQuantilesAreSparksOwn(int rows) {
    Dataset<Row> frame = frame(rows);

    Map<String, Frequencies> known = counted(frame, COLUMNS, 3).known();

    assertThat(known).containsOnlyKeys(COLUMNS);
    for (String column : COLUMNS) {
      Frequencies found = known.get(column);
      assertThat(found.complete()).isTrue();
      List<Frequencies.Value> grouped =
          frame.where(col(column).isNotNull()).groupBy(column).count().collectAsList().stream()
              .map(row -> new Frequencies.Value(row.get(0), row.getLong(1)))
              .toList();
      assertThat(found.values()).as(column).containsExactlyInAnyOrderElementsOf(grouped);
      assertThat(found.present())
          .isEqualTo(grouped.stream().mapToLong(Frequencies.Value::count).sum());
    }
    for (String column : List.of("whole", "real", "exact")) {
      for (double share : new double[] {0, 0.05, 0.25, 0.5, 0.77, 1}) {
        Row asked =
            frame
                .selectExpr(
                    "percentile_disc("
                        + share
                        + ") WITHIN GROUP (ORDER BY CAST("
                        + column
                        + " AS DOUBLE))")
                .first();
        assertThat(Ranks.least(known.get(column), share))
            .as("least %s of %s", share, column)
            .isEqualTo(number(asked));
        Row between = frame.select(percentile(col(column), lit(share))).first();
        assertThat(Ranks.between(known.get(column), share))
            .as("%s of %s", share, column)
            .isEqualTo(number(between));
      }
    }
  }

  @Test
  void aColumnOfTooManyValuesIsGivenUpAlone() {
    List<Row> given =
        IntStream.rangeClosed(0, Frequencies.MOST)
            .mapToObj(
                i ->
                    RowFactory.create(
                        (long) i, (double) (i % 5), null, "x", null, null, null, null, null))
            .toList();
    Dataset<Row> frame = LocalSpark.session().createDataFrame(given, SCHEMA);

    assertThat(counted(frame, List.of("whole", "real"), 1).known()).containsOnlyKeys("real");
    assertThat(counted(frame, List.of("whole", "real"), 2).known())
        .as("each task has few enough, but not all together")
        .containsOnlyKeys("real");
  }

  /** Both zeros are one here, as where Spark groups them; its quantiles tell them apart. */
  private static Double number(Row row) {
    return row.isNullAt(0) ? null : (Double) (row.getDouble(0) + 0.0);
  }

  private static Dataset<Row> frame(int rows) {
    Random random = new Random(rows);
    double[] reals = {-0.0, 0.0, 0.1, 1.5, 2.25, -7, Double.NaN, 1e300};
    List<Row> given = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      boolean absent = random.nextInt(6) == 0;
      given.add(
          RowFactory.create(
              absent ? null : random.nextLong(5) - 2,
              reals[random.nextInt(reals.length)],
              random.nextBoolean() ? null : new java.math.BigDecimal(random.nextInt(9) + ".25"),
              absent ? null : "t\u00e9xt " + random.nextInt(4),
              absent ? null : random.nextBoolean(),
              (byte) (random.nextInt(256) - 128),
              absent ? null : (short) (random.nextInt(65536) - 32768),
              random.nextBoolean() ? Integer.MIN_VALUE : random.nextInt(),
              (float) reals[random.nextInt(reals.length)]));
    }
    return LocalSpark.session().createDataFrame(given, SCHEMA);
  }

  /** Counts as so many tasks would. */
  private static ValueCounts counted(Dataset<Row> frame, List<String> columns, int tasks) {
    List<ValueCounts> parts =
        IntStream.range(0, tasks).mapToObj(i -> new ValueCounts(columns, SCHEMA)).toList();
    Iterator<InternalRow> rows =
        scala.jdk.javaapi.CollectionConverters.asJava(
            frame.queryExecution().toRdd().toLocalIterator());
    for (int i = 0; rows.hasNext(); i++) {
      parts.get(i % tasks).add(rows.next());
    }
    parts.subList(1, tasks).forEach(parts.get(0)::merge);
    return parts.get(0);
  }
}
