package dev.sluice.connect.kubernetes;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.network.util.JavaUtils;

/**
 * Asks Kubernetes why a run's executors do not come: what it says of their pods, what has happened
 * to them, and, where there is none, whether it would let one be made.
 */
final class ExecutorPods {
  /** Of a failed run's message, in which they are told. */
  private static final int MOST = 3;

  private static final int LONGEST = 300;

  private static final int PATIENCE_MILLIS = 5000;

  /** Reasons of a container that is on its way. */
  private static final Set<String> ON_ITS_WAY = Set.of("ContainerCreating", "PodInitializing");

  private final KubernetesClient client;
  private final Map<String, String> spark;
  private final String namespace;

  private ExecutorPods(KubernetesClient client, Map<String, String> spark) {
    this.client = client;
    this.spark = spark;
    this.namespace = spark.get("spark.kubernetes.namespace");
  }

  /**
   * What hinders them, in the cluster's own words; each said once, of the first pod that it is true
   * of.
   *
   * @param spark the settings of the run's Spark
   */
  static List<String> hindrances(Map<String, String> spark) {
    Config config =
        new ConfigBuilder(Config.autoConfigure(null))
            .withMasterUrl(spark.get("spark.master").replaceFirst("^k8s://", ""))
            .withRequestTimeout(PATIENCE_MILLIS)
            .withConnectionTimeout(PATIENCE_MILLIS)
            .withRequestRetryBackoffLimit(1)
            .build();
    try (KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build()) {
      return new ExecutorPods(client, spark).hindrances();
    }
  }

  private List<String> hindrances() {
    Map<String, String> podByWords = new LinkedHashMap<>();
    List<Pod> pods = pods();
    for (Pod pod : pods) {
      ofPod(pod).forEach(words -> podByWords.putIfAbsent(words, pod.getMetadata().getName()));
    }
    for (Event event : events()) {
      String words = words(event.getReason(), event.getMessage());
      // Of a pod that waits, its condition and its event say the same under two names.
      if (podByWords.keySet().stream().noneMatch(said -> said.endsWith(event.getMessage()))) {
        podByWords.put(words, event.getInvolvedObject().getName());
      }
    }
    List<String> told = new ArrayList<>();
    if (pods.isEmpty()) {
      refusal().ifPresent(told::add);
    }
    podByWords.forEach((words, pod) -> told.add("pod " + pod + ": " + words));
    return told.stream().limit(MOST).map(ExecutorPods::shortened).toList();
  }

  private List<Pod> pods() {
    return client
        .pods()
        .inNamespace(namespace)
        .withLabel("spark-app-selector", spark.get("spark.app.id"))
        .withLabel("spark-role", "executor")
        .list()
        .getItems();
  }

  private static List<String> ofPod(Pod pod) {
    PodStatus status = pod.getStatus();
    List<String> words = new ArrayList<>();
    if (status.getReason() != null) {
      words.add(words(status.getReason(), status.getMessage()));
    }
    status.getConditions().stream()
        .filter(condition -> "PodScheduled".equals(condition.getType()))
        .filter(condition -> "False".equals(condition.getStatus()))
        .forEach(condition -> words.add(words(condition.getReason(), condition.getMessage())));
    status.getContainerStatuses().stream()
        .map(ContainerStatus::getState)
        .filter(Objects::nonNull)
        .forEach(state -> ofContainer(state).ifPresent(words::add));
    if (words.isEmpty()) {
      words.add(
          "Running".equals(status.getPhase())
              ? "runs, but has not reached this run: see that a network policy lets it, on ports 7078"
                  + " and 7079"
              : "is " + status.getPhase());
    }
    return words;
  }

  private static Optional<String> ofContainer(ContainerState state) {
    if (state.getWaiting() != null) {
      return Optional.of(state.getWaiting())
          .filter(waiting -> !ON_ITS_WAY.contains(waiting.getReason()))
          .map(waiting -> words(waiting.getReason(), waiting.getMessage()));
    }
    return Optional.ofNullable(state.getTerminated())
        .map(end -> words(end.getReason() + ", exit code " + end.getExitCode(), end.getMessage()));
  }

  private static String words(String reason, String message) {
    return message == null || message.isBlank() ? reason : reason + ": " + message.strip();
  }

  /** Also of pods that are gone: Spark deletes those that have failed. */
  private List<Event> events() {
    String names = spark.get("spark.kubernetes.executor.podNamePrefix") + "-exec-";
    try {
      return client
          .v1()
          .events()
          .inNamespace(namespace)
          .withField("type", "Warning")
          .list()
          .getItems()
          .stream()
          .filter(event -> "Pod".equals(event.getInvolvedObject().getKind()))
          .filter(event -> event.getInvolvedObject().getName().startsWith(names))
          .toList();
    } catch (KubernetesClientException e) {
      return List.of(); // a role made before there was this question has no right to ask it
    }
  }

  /**
   * Why no pod is made. Spark tells that to its log alone, so the cluster is asked to try: nothing
   * comes of a dry run.
   */
  private Optional<String> refusal() {
    try {
      client.pods().inNamespace(namespace).resource(pod()).dryRun().create();
      return Optional.empty();
    } catch (KubernetesClientException e) {
      boolean said = e.getStatus() != null && e.getStatus().getMessage() != null;
      return Optional.of(said ? e.getStatus().getMessage() : String.valueOf(e.getMessage()));
    }
  }

  /** What Spark makes of the template, as far as a quota or an admission asks for it. */
  private Pod pod() {
    long memory =
        JavaUtils.byteStringAsMb(spark.get("spark.executor.memory"))
            + JavaUtils.byteStringAsMb(spark.get("spark.executor.memoryOverhead"));
    Quantity mebibytes = new Quantity(memory + "Mi");
    Quantity cores = new Quantity(spark.get("spark.kubernetes.executor.request.cores"));
    String base = spark.get("spark.kubernetes.executor.podTemplateContainerName");
    return new PodBuilder(template())
        .editOrNewMetadata()
        .withName(spark.get("spark.kubernetes.executor.podNamePrefix") + "-exec-0")
        .withNamespace(namespace)
        .endMetadata()
        .editSpec()
        .withServiceAccountName(
            spark.get("spark.kubernetes.authenticate.executor.serviceAccountName"))
        .editMatchingContainer(container -> base.equals(container.getName()))
        .withImage(spark.get("spark.kubernetes.container.image"))
        .editOrNewResources()
        .addToRequests("memory", mebibytes)
        .addToRequests("cpu", cores)
        .addToLimits("memory", mebibytes)
        .endResources()
        .endContainer()
        .endSpec()
        .build();
  }

  private Pod template() {
    Path file = Path.of(spark.get("spark.kubernetes.executor.podTemplateFile"));
    try {
      return client.getKubernetesSerialization().unmarshal(Files.readString(file), Pod.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String shortened(String words) {
    String line = words.strip().replaceAll("\\s+", " ").replaceAll("[.]$", "");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }
}
