package dev.sluice.connect.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.model.Scale;
import dev.sluice.model.SettingsType;
import dev.sluice.model.SluiceException;
import dev.sluice.runtime.spi.LakeConfig;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.deploy.k8s.SparkPod;
import org.junit.jupiter.api.Test;

class KubernetesClusterTest {
  static final Map<String, String> PLACE =
      Map.of(
          "KUBERNETES_SERVICE_HOST", "10.0.0.1",
          "KUBERNETES_SERVICE_PORT", "443",
          "SLUICE_POD_NAMESPACE", "jobs",
          "SLUICE_POD_NAME", "flights-a-job-whose-name-is-as-long-as-a-name-may-be-0a1b2c3d",
          "SLUICE_POD_IP", "10.0.0.7",
          "SLUICE_IMAGE", "registry.example/flights@sha256:0",
          "SLUICE_EXECUTOR_POD", "{\"kind\": \"Pod\"}",
          "SLUICE_EXECUTOR_MEMORY", "2Gi",
          "SLUICE_EXECUTOR_CPU", "1500m");

  @Test
  void theRunsPodIsTheDriverOfExecutorsThatBelongToIt() throws Exception {
    Map<String, String> spark = spark(Scale.executors(2), PLACE);

    assertThat(spark)
        .containsEntry("spark.master", "k8s://https://10.0.0.1:443")
        .containsEntry("spark.kubernetes.namespace", "jobs")
        .containsEntry("spark.kubernetes.driver.pod.name", PLACE.get("SLUICE_POD_NAME"))
        .containsEntry("spark.driver.host", "10.0.0.7")
        .containsEntry("spark.executor.instances", "2")
        .containsEntry("spark.executor.maxNumFailures", "2147483647")
        .doesNotContainKey("spark.dynamicAllocation.enabled");
    assertThat(spark.get("spark.kubernetes.executor.podNamePrefix"))
        .hasSizeLessThanOrEqualTo(47)
        .matches("[a-z0-9][-a-z0-9]*-0a1b2c3d");
    assertThat(Files.readString(Path.of(spark.get("spark.kubernetes.executor.podTemplateFile"))))
        .isEqualTo("{\"kind\": \"Pod\"}");
  }

  @Test
  void anExecutorHearsTheSignalThatAsksItToGoAndHasNoScript() {
    assertThat(spark(Scale.executors(2), PLACE))
        .containsEntry("spark.decommission.enabled", "true")
        .containsEntry("spark.executor.decommission.signal", "TERM")
        .containsEntry("spark.storage.decommission.enabled", "true")
        .containsEntry("spark.storage.decommission.shuffleBlocks.enabled", "true")
        .containsEntry("spark.storage.decommission.rddBlocks.enabled", "true")
        .containsEntry(
            "spark.kubernetes.executor.pod.featureSteps",
            "dev.sluice.connect.kubernetes.WithoutHook");
    Container given =
        new ContainerBuilder()
            .withName("base")
            .withNewLifecycle()
            .withNewPreStop()
            .withNewExec()
            .addToCommand("/opt/decom.sh")
            .endExec()
            .endPreStop()
            .endLifecycle()
            .build();

    SparkPod made = new WithoutHook().configurePod(new SparkPod(new Pod(), given));

    assertThat(made.container()).isEqualTo(new ContainerBuilder().withName("base").build());
  }

  @Test
  void anExecutorsContainerIsDividedAsTheImageDividesIt() {
    Map<String, String> spark = spark(Scale.executors(2), PLACE);

    assertThat(spark)
        .containsEntry("spark.executor.memory", "1228m")
        .containsEntry("spark.executor.memoryOverhead", "820m")
        .containsEntry("spark.executor.cores", "2")
        .containsEntry("spark.kubernetes.executor.request.cores", "1500m");
  }

  @Test
  void executorsComeAndGoWithinTheirBounds() {
    assertThat(spark(Scale.executors(0, 8), PLACE))
        .containsEntry("spark.dynamicAllocation.enabled", "true")
        .containsEntry("spark.dynamicAllocation.shuffleTracking.enabled", "true")
        .containsEntry("spark.dynamicAllocation.minExecutors", "0")
        .containsEntry("spark.dynamicAllocation.maxExecutors", "8")
        .doesNotContainKey("spark.executor.instances");
  }

  @Test
  void whatCannotFitIsRefusedWithTheSum() {
    Map<String, String> small = new HashMap<>(PLACE);
    small.put("SLUICE_EXECUTOR_MEMORY", "512Mi");

    assertThatExceptionOfType(SluiceException.class)
        .isThrownBy(() -> spark(Scale.executors(2), small))
        .withMessage(
            "Cannot run on executors of 512Mi: of its 512 MiB the heap gets 307, and Spark needs 450."
                + " Ask for 750Mi or more");
  }

  @Test
  void whereNobodyHasSaidWhereThisPodIsTheMissingVariableIsNamed() {
    Map<String, String> laptop = new HashMap<>(PLACE);
    laptop.remove("SLUICE_POD_NAME");

    assertThatExceptionOfType(SluiceException.class)
        .isThrownBy(() -> spark(Scale.executors(2), laptop))
        .withMessageStartingWith("Cannot run on executors: SLUICE_POD_NAME is not set");
  }

  private static Map<String, String> spark(Scale scale, Map<String, String> environment) {
    SettingsType type = SettingsType.of(LakeConfig.class);
    return new KubernetesCluster()
        .spark(scale, (LakeConfig) type.bind(type.defaults()), environment);
  }
}
