package dev.sluice.quality;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.Json;
import dev.sluice.quality.Verdict.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A word of bits holds 64 checks: each must get its own bit, in whichever word it falls. */
class ManyChecksTest {

  /** One between-check; only those from the first word's last bit on send rows to quarantine. */
  private record Range(int index, int min, int max) {
    boolean fails(Integer value) {
      return value != null && (value < min || value > max);
    }

    boolean quarantines() {
      return index >= 63;
    }
  }

  @ParameterizedTest(name = "{0} checks in {1} words, seed {2}")
  @CsvSource({"63, 1, 1", "64, 2, 2", "130, 3, 3"})
  void everyCheckGetsItsOwnAnswer(int checks, int words, long seed) {
    Random random = new Random(seed);
    List<Range> ranges = ranges(checks);
    List<Integer> values = values(random);

    Evaluation evaluation = Evaluation.of(suite(ranges), frame(values));

    assertThat(evaluation.plan().words()).isEqualTo(words);
    for (Range range : ranges) {
      Answer answer = evaluation.answers().get(range.index());
      long failing = values.stream().filter(range::fails).count();
      long missing = values.stream().filter(Objects::isNull).count();
      assertThat(answer.unexpected()).as("%s", range).isEqualTo(failing);
      assertThat(answer.success()).as("%s", range).isEqualTo(failing == 0);
      assertThat(answer.result())
          .as("%s", range)
          .containsEntry("missing_count", missing)
          .containsEntry("element_count", (long) values.size());
    }
    assertThat(evaluation.tally().quarantined())
        .as("only the checks that quarantine send rows there")
        .isEqualTo(values.stream().filter(value -> anyQuarantines(ranges, value)).count())
        .isLessThan(values.size());
    assertThat(evaluation.plan().reasons())
        .extracting(SuitePlan.Reason::id)
        .containsExactlyElementsOf(ranges.stream().map(range -> "check-" + range.index()).toList());
  }

  private static boolean anyQuarantines(List<Range> ranges, Integer value) {
    return ranges.stream().anyMatch(range -> range.quarantines() && range.fails(value));
  }

  /** No two are alike, as those that are would share a bit. */
  private static List<Range> ranges(int count) {
    return IntStream.range(0, count).mapToObj(i -> new Range(i, -(i % 60), i * 13 % 59)).toList();
  }

  private static List<Integer> values(Random random) {
    List<Integer> values = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      values.add(random.nextInt(10) == 0 ? null : (int) (random.nextGaussian() * 25));
    }
    return values;
  }

  private static Dataset<Row> frame(List<Integer> values) {
    StructType schema =
        new StructType(
            new StructField[] {DataTypes.createStructField("v", DataTypes.IntegerType, true)});
    return LocalSpark.session()
        .createDataFrame(values.stream().map(RowFactory::create).toList(), schema);
  }

  private static String suite(List<Range> ranges) {
    ObjectNode suite = Json.mapper().createObjectNode().put("name", "many");
    ArrayNode expectations = suite.putArray("expectations");
    for (Range range : ranges) {
      ObjectNode expectation = expectations.addObject();
      expectation.put("type", "expect_column_values_to_be_between");
      ObjectNode kwargs = expectation.putObject("kwargs").put("column", "v");
      kwargs.put("min_value", range.min()).put("max_value", range.max());
      expectation
          .putObject("meta")
          .putObject("sluice")
          .put("id", "check-" + range.index())
          .put("onFailure", range.quarantines() ? "quarantine" : "warn");
    }
    return suite.toString();
  }
}
