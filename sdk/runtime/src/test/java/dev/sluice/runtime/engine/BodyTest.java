package dev.sluice.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.JobSpec;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Source;
import dev.sluice.model.Table;
import dev.sluice.model.Write;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.Run;
import dev.sluice.runtime.Transform;
import dev.sluice.runtime.join.JoinNotes;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BodyTest {
  private static SparkSession spark;

  record In(Dataset<Row> rows) {}

  /** What a project has between its jobs and {@link Transform}. */
  abstract static class Base<T extends Record> extends Transform<T> {
    @Override
    public JobSpec spec() {
      return JobSpec.transform("copy")
          .read("rows", Source.csv("x.csv").column("id", "int"))
          .write(Table.iceberg("t.copy").column("id", "int"), Write.append())
          .build();
    }
  }

  static class Copy extends Base<In> {
    @Override
    protected Dataset<Row> transform(In in, Run run) {
      return in.rows();
    }
  }

  static final class CopyOfACopy extends Copy {}

  static final class Vague<T extends Record> extends Base<T> {
    @Override
    protected Dataset<Row> transform(T in, Run run) {
      throw new AssertionError();
    }
  }

  @BeforeAll
  static void start() {
    spark =
        SparkSession.builder().master("local[1]").config("spark.ui.enabled", "false").getOrCreate();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @Test
  void classesMayLieBetweenAJobAndItsKind() {
    assertThat(called(new Copy())).isEqualTo(3);
    assertThat(called(new CopyOfACopy())).isEqualTo(3);
  }

  @Test
  void aClassThatNamesNoRecordIsNamed() {
    assertThatThrownBy(() -> called(new Vague<In>()))
        .isInstanceOf(SluiceException.class)
        .hasMessage(
            "Cannot run copy: Vague does not say what it reads. Let it extend Transform<A_RECORD>");
  }

  private static long called(Job job) {
    Map<String, Dataset<Row>> inputs = Map.of("rows", spark.range(3).toDF("id"));
    LiveRun run = new LiveRun(null, spark, JoinNotes.ofPlan());
    return Body.call(job, job.spec(), inputs, run).count();
  }
}
