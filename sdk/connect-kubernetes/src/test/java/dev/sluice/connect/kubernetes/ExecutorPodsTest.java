package dev.sluice.connect.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Json;
import dev.sluice.model.Scale;
import dev.sluice.model.SettingsType;
import dev.sluice.runtime.spi.LakeConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExecutorPodsTest {
  private static final String PODS = "/api/v1/namespaces/jobs/pods";
  private static final String EVENTS = "/api/v1/namespaces/jobs/events";
  private static final String NO_ROOM =
      "0/3 nodes are available: 3 Insufficient memory. preemption: 0/3 nodes are available: 3 No"
          + " preemption victims found for incoming pod.";

  private final FakeApi api = new FakeApi();

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void podsThatFindNoNodeSayWhyAndSayItOnce() {
    Map<String, Object> status =
        Map.of(
            "phase",
            "Pending",
            "conditions",
            List.of(condition("PodScheduled", "Unschedulable", NO_ROOM)));
    api.answers("GET " + PODS, 200, list("Pod", pod(1, status), pod(2, status)))
        .answers(
            "GET " + EVENTS,
            200,
            list("Event", event("flights-1-exec-2", "FailedScheduling", NO_ROOM)));

    assertThat(hindrances())
        .containsExactly("pod flights-1-exec-1: Unschedulable: " + NO_ROOM.replaceAll("[.]$", ""));
    assertThat(api.asked())
        .filteredOn(asked -> asked.path().equals(PODS))
        .extracting(asked -> asked.query().get("labelSelector"))
        .containsExactly("spark-app-selector=spark-1,spark-role=executor");
  }

  @Test
  void imagesThatCannotBePulledAndContainersThatEndAreNamed() {
    api.answers(
            "GET " + PODS,
            200,
            list(
                "Pod",
                pod(
                    1,
                    containerIs(
                        "Pending",
                        Map.of(
                            "waiting",
                            Map.of(
                                "reason",
                                "ImagePullBackOff",
                                "message",
                                "Back-off pulling image \"x\"")))),
                pod(
                    2,
                    containerIs(
                        "Failed",
                        Map.of("terminated", Map.of("reason", "OOMKilled", "exitCode", 137)))),
                pod(
                    3,
                    containerIs(
                        "Pending", Map.of("waiting", Map.of("reason", "ContainerCreating"))))))
        .answers("GET " + EVENTS, 200, list("Event"));

    assertThat(hindrances())
        .containsExactly(
            "pod flights-1-exec-1: ImagePullBackOff: Back-off pulling image \"x\"",
            "pod flights-1-exec-2: OOMKilled, exit code 137",
            "pod flights-1-exec-3: is Pending");
  }

  @Test
  void onesThatRunAndAreNotHeardPointToTheNetwork() {
    api.answers(
            "GET " + PODS,
            200,
            list("Pod", pod(1, containerIs("Running", Map.of("running", Map.of())))))
        .answers("GET " + EVENTS, 200, list("Event"));

    assertThat(hindrances())
        .containsExactly(
            "pod flights-1-exec-1: runs, but has not reached this run: see that a network policy lets"
                + " it, on ports 7078 and 7079");
  }

  @Test
  void whereNoPodIsMadeTheClusterIsAskedToTryAndNothingComesOfIt() throws Exception {
    String quota =
        "pods \"flights-1-exec-0\" is forbidden: exceeded quota: compute, requested:"
            + " limits.memory=2Gi, used: limits.memory=3Gi, limited: limits.memory=4Gi";
    api.answers("GET " + PODS, 200, list("Pod"))
        .answers("GET " + EVENTS, 200, list("Event"))
        .answers("POST " + PODS, 403, status(403, quota));

    assertThat(hindrances()).containsExactly(quota);

    FakeApi.Asked tried =
        api.asked().stream().filter(asked -> asked.method().equals("POST")).findFirst().get();
    assertThat(tried.query()).containsEntry("dryRun", "All");
    var container = Json.mapper().readTree(tried.body()).at("/spec/containers/0");
    assertThat(container.at("/image").asText()).isEqualTo("registry.example/flights@sha256:0");
    assertThat(container.at("/resources/limits/memory").asText()).isEqualTo("2048Mi");
    assertThat(container.at("/resources/requests/cpu").asText()).isEqualTo("1500m");
    assertThat(container.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
  }

  @Test
  void aDryRunThatWouldDoSaysNothing() {
    api.answers("GET " + PODS, 200, list("Pod"))
        .answers("GET " + EVENTS, 200, list("Event"))
        .answers("POST " + PODS, 201, Json.line(pod(0, Map.of("phase", "Pending"))));

    assertThat(hindrances()).isEmpty();
  }

  @Test
  void podsThatAreGoneHaveLeftTheirEvents() {
    api.answers("GET " + PODS, 200, list("Pod"))
        .answers("POST " + PODS, 201, Json.line(pod(0, Map.of("phase", "Pending"))))
        .answers(
            "GET " + EVENTS,
            200,
            list(
                "Event",
                event("flights-1-exec-4", "FailedMount", "secret \"lake-keys\" not found"),
                event("flights-2-exec-1", "FailedMount", "of another run")));

    assertThat(hindrances())
        .containsExactly("pod flights-1-exec-4: FailedMount: secret \"lake-keys\" not found");
    assertThat(api.asked())
        .filteredOn(asked -> asked.path().equals(EVENTS))
        .extracting(asked -> asked.query().get("fieldSelector"))
        .containsExactly("type=Warning");
  }

  /** A role made before there was this question has no right to ask it. */
  @Test
  void withoutTheRightToSeeEventsThePodsStillSpeak() {
    api.answers("GET " + PODS, 200, list("Pod", pod(1, Map.of("phase", "Pending"))))
        .answers("GET " + EVENTS, 403, status(403, "events is forbidden"));

    assertThat(hindrances()).containsExactly("pod flights-1-exec-1: is Pending");
  }

  private List<String> hindrances() {
    Map<String, String> place = new HashMap<>(KubernetesClusterTest.PLACE);
    place.put("SLUICE_POD_NAME", "flights-1");
    place.put(
        "SLUICE_EXECUTOR_POD",
        "{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"metadata\": {\"labels\": {}}, \"spec\":"
            + " {\"containers\": [{\"name\": \"base\", \"securityContext\": {\"runAsNonRoot\":"
            + " true}}]}}");
    SettingsType type = SettingsType.of(LakeConfig.class);
    KubernetesCluster cluster = new KubernetesCluster();
    Map<String, String> spark =
        new TreeMap<>(
            cluster.spark(Scale.executors(2), (LakeConfig) type.bind(type.defaults()), place));
    spark.put("spark.master", "k8s://" + api.address());
    spark.put("spark.app.id", "spark-1");
    return cluster.hindrances(spark);
  }

  private static Map<String, Object> pod(int number, Map<String, Object> status) {
    return Map.of(
        "apiVersion",
        "v1",
        "kind",
        "Pod",
        "metadata",
        Map.of("name", "flights-1-exec-" + number, "namespace", "jobs"),
        "spec",
        Map.of("containers", List.of(Map.of("name", "base"))),
        "status",
        status);
  }

  private static Map<String, Object> containerIs(String phase, Map<String, Object> state) {
    return Map.of(
        "phase",
        phase,
        "conditions",
        List.of(Map.of("type", "PodScheduled", "status", "True")),
        "containerStatuses",
        List.of(Map.of("name", "base", "state", state)));
  }

  private static Map<String, Object> condition(String type, String reason, String message) {
    return Map.of("type", type, "status", "False", "reason", reason, "message", message);
  }

  private static Map<String, Object> event(String pod, String reason, String message) {
    return Map.of(
        "apiVersion",
        "v1",
        "kind",
        "Event",
        "metadata",
        Map.of("name", pod + "." + reason, "namespace", "jobs"),
        "involvedObject",
        Map.of("kind", "Pod", "name", pod),
        "type",
        "Warning",
        "reason",
        reason,
        "message",
        message);
  }

  private static String list(String kind, Object... items) {
    return Json.line(
        Map.of(
            "apiVersion",
            "v1",
            "kind",
            kind + "List",
            "metadata",
            Map.of("resourceVersion", "1"),
            "items",
            List.of(items)));
  }

  private static String status(int code, String message) {
    return Json.line(
        Map.of(
            "apiVersion", "v1",
            "kind", "Status",
            "status", "Failure",
            "reason", "Forbidden",
            "code", code,
            "message", message));
  }
}
