package dev.sluice.connect.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.model.SluiceException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExecutorRoleTest {
  private static final Map<String, String> POD =
      Map.of(
          "SPARK_DRIVER_URL", "spark://CoarseGrainedScheduler@10.0.0.7:7078",
          "SPARK_EXECUTOR_ID", "1",
          "SPARK_EXECUTOR_CORES", "2",
          "SPARK_APPLICATION_ID", "spark-1",
          "SPARK_EXECUTOR_POD_IP", "10.0.0.8",
          "SPARK_RESOURCE_PROFILE_ID", "0",
          "SPARK_EXECUTOR_POD_NAME", "flights-exec-1",
          "SPARK_JAVA_OPT_0", "-Dspark.driver.port=7078",
          "SPARK_JAVA_OPT_1", "-Xss4m");

  @Test
  void turnsSparksVariablesIntoSparksArguments() {
    assertThat(ExecutorRole.arguments(POD))
        .containsExactly(
            "--driver-url",
            "spark://CoarseGrainedScheduler@10.0.0.7:7078",
            "--executor-id",
            "1",
            "--cores",
            "2",
            "--app-id",
            "spark-1",
            "--hostname",
            "10.0.0.8",
            "--resourceProfileId",
            "0",
            "--podName",
            "flights-exec-1");
  }

  @Test
  void takesTheDriversSettings() {
    assertThat(ExecutorRole.properties(POD))
        .containsExactly(Map.entry("spark.driver.port", "7078"));
  }

  @Test
  void saysThatSparkStartsExecutors() {
    Map<String, String> shell = new HashMap<>(POD);
    shell.remove("SPARK_DRIVER_URL");

    assertThatExceptionOfType(SluiceException.class)
        .isThrownBy(() -> ExecutorRole.arguments(shell))
        .withMessageStartingWith("Cannot work as an executor: SPARK_DRIVER_URL is not set");
  }
}
