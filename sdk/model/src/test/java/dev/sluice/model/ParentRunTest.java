package dev.sluice.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParentRunTest {

  @Test
  void aNamespaceMayBeAnAddress() {
    Map<String, String> environment =
        Map.of(
            "OPENLINEAGE_PARENT_ID", "https://airflow.example/prod/flights.clean/0198-task",
            "OPENLINEAGE_ROOT_PARENT_ID", "https://airflow.example/prod/flights/0198-dag");

    ParentRun parent = ParentRun.of(environment).orElseThrow();

    String namespace = "https://airflow.example/prod";
    ParentRun root = new ParentRun(namespace, "flights", "0198-dag", Optional.empty());
    assertThat(parent)
        .isEqualTo(new ParentRun(namespace, "flights.clean", "0198-task", Optional.of(root)));
    assertThat(parent.sparkSettings())
        .containsEntry("spark.openlineage.parentRunId", "0198-task")
        .containsEntry("spark.openlineage.parentJobName", "flights.clean")
        .containsEntry("spark.openlineage.rootParentRunId", "0198-dag")
        .hasSize(6);
  }

  @Test
  void thereNeedBeNoRoot() {
    ParentRun parent = ParentRun.of(Map.of("OPENLINEAGE_PARENT_ID", "n/j/r")).orElseThrow();

    assertThat(parent).isEqualTo(new ParentRun("n", "j", "r", Optional.empty()));
    assertThat(parent.sparkSettings()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "run", "job/run", "/job/run", "namespace//run", "namespace/job/"})
  void anythingElseIsNoParent(String text) {
    assertThat(ParentRun.of(Map.of("OPENLINEAGE_PARENT_ID", text))).isEmpty();
  }

  @Test
  void anEmptyEnvironmentHasNone() {
    assertThat(ParentRun.of(Map.of())).isEmpty();
  }
}
