package dev.sluice.connect.kubernetes;

import com.google.auto.service.AutoService;
import dev.sluice.model.Scale;
import dev.sluice.model.SluiceException;
import dev.sluice.runtime.spi.ClusterProvider;
import dev.sluice.runtime.spi.LakeConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Spark's own scheduler for Kubernetes, in client mode: the run's pod is the driver, executors are
 * pods of the same image that belong to it, so that they go with it.
 */
@AutoService(ClusterProvider.class)
public final class KubernetesCluster implements ClusterProvider {
  /** Of the driver; the network policy knows them. */
  private static final String DRIVER_PORT = "7078";

  /** Where driver and executors give each other rows. */
  private static final String BLOCK_PORT = "7079";

  /** Of names that end in an executor's number. */
  private static final int LONGEST_PREFIX = 47;

  private static final String CONTAINER = "base";

  @Override
  public Map<String, String> spark(
      Scale scale, LakeConfig config, Map<String, String> environment) {
    Place place = new Place(environment);
    ExecutorSize size =
        ExecutorSize.of(
            told(config.sparkExecutorMemory(), place, "SLUICE_EXECUTOR_MEMORY"),
            told(config.sparkExecutorCpu(), place, "SLUICE_EXECUTOR_CPU"));
    Map<String, String> spark = new TreeMap<>();
    spark.put("spark.master", "k8s://" + place.apiServer());
    spark.put("spark.kubernetes.namespace", place.of("SLUICE_POD_NAMESPACE"));
    spark.put("spark.kubernetes.driver.pod.name", place.of("SLUICE_POD_NAME"));
    spark.put("spark.kubernetes.executor.podNamePrefix", prefix(place.of("SLUICE_POD_NAME")));
    spark.put("spark.kubernetes.container.image", place.of("SLUICE_IMAGE"));
    spark.put("spark.kubernetes.executor.podTemplateFile", template(place).toString());
    spark.put("spark.kubernetes.executor.podTemplateContainerName", CONTAINER);
    place
        .maybe("SLUICE_EXECUTOR_ACCOUNT")
        .ifPresent(
            name -> spark.put("spark.kubernetes.authenticate.executor.serviceAccountName", name));
    // Executors find the driver by its address. There is no service, so no right to delete one.
    spark.put("spark.kubernetes.driver.service.deleteOnTermination", "false");
    spark.put("spark.driver.host", place.of("SLUICE_POD_IP"));
    spark.put("spark.driver.bindAddress", "0.0.0.0");
    spark.put("spark.driver.port", DRIVER_PORT);
    spark.put("spark.blockManager.port", BLOCK_PORT);
    spark.put("spark.executor.memory", size.heapMib() + "m");
    spark.put("spark.executor.memoryOverhead", size.overheadMib() + "m");
    spark.put("spark.executor.cores", Long.toString(size.cores()));
    spark.put("spark.kubernetes.executor.request.cores", size.cpu());
    // How much of its heap an executor uses is looked at between heartbeats too: many tasks are
    // shorter than the time between them.
    spark.put("spark.executor.metrics.pollingInterval", "1s");
    // Where executors fail again and again Spark would end this process, without a receipt: here it
    // is the tasks that fail, or the wait for the first executor that ends the run.
    spark.put("spark.executor.maxNumFailures", Integer.toString(Integer.MAX_VALUE));
    count(scale, spark);
    leave(spark);
    return spark;
  }

  @Override
  public List<String> hindrances(Map<String, String> spark) {
    return ExecutorPods.hindrances(spark);
  }

  @Override
  public void executor(Map<String, String> environment) {
    ExecutorRole.play(environment);
  }

  private static void count(Scale scale, Map<String, String> spark) {
    if (!scale.isDynamic()) {
      spark.put("spark.executor.instances", Integer.toString(scale.most()));
      return;
    }
    spark.put("spark.dynamicAllocation.enabled", "true");
    // No service keeps the shuffles of executors that have gone: those that hold one stay.
    spark.put("spark.dynamicAllocation.shuffleTracking.enabled", "true");
    spark.put("spark.dynamicAllocation.minExecutors", Integer.toString(scale.least()));
    spark.put("spark.dynamicAllocation.initialExecutors", Integer.toString(scale.least()));
    spark.put("spark.dynamicAllocation.maxExecutors", Integer.toString(scale.most()));
  }

  /**
   * An executor that is asked to go gets no more tasks, ends those that it has, and gives what it
   * holds of shuffles to others.
   */
  private static void leave(Map<String, String> spark) {
    spark.put("spark.decommission.enabled", "true");
    // Kubernetes asks by this signal; that Spark asks by a script needs a shell in the image.
    spark.put("spark.executor.decommission.signal", "TERM");
    spark.put("spark.kubernetes.executor.pod.featureSteps", WithoutHook.class.getName());
    spark.put("spark.storage.decommission.enabled", "true");
    spark.put("spark.storage.decommission.shuffleBlocks.enabled", "true");
    spark.put("spark.storage.decommission.rddBlocks.enabled", "true");
  }

  private static String told(String setting, Place place, String variable) {
    return setting.isEmpty() ? place.of(variable) : setting;
  }

  /** The end of the pod's name, which tells it from others, and begins with a letter or a digit. */
  private static String prefix(String pod) {
    String end = pod.substring(Math.max(0, pod.length() - LONGEST_PREFIX));
    return end.replaceFirst("^[^a-z0-9]+", "");
  }

  private static Path template(Place place) {
    try {
      Path file = Files.createTempFile("executor", ".json");
      return Files.writeString(file, place.of("SLUICE_EXECUTOR_POD"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the launcher has said of this pod. */
  private record Place(Map<String, String> environment) {
    String of(String variable) {
      return maybe(variable)
          .orElseThrow(
              () ->
                  SluiceException.config(
                      "Cannot run on executors: %s is not set, by which whoever launches this pod says"
                          + " where it is. Give the job its scale in its resources, in Airflow's profile"
                          + " or job_resources; spark.scale alone makes no executors",
                      variable));
    }

    Optional<String> maybe(String variable) {
      return Optional.ofNullable(environment.get(variable)).filter(value -> !value.isEmpty());
    }

    String apiServer() {
      String host = of("KUBERNETES_SERVICE_HOST");
      String name = host.contains(":") ? "[" + host + "]" : host;
      return "https://" + name + ":" + of("KUBERNETES_SERVICE_PORT");
    }
  }
}
