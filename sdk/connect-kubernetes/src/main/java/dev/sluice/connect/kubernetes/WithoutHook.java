package dev.sluice.connect.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import org.apache.spark.deploy.k8s.SparkPod;
import org.apache.spark.deploy.k8s.features.KubernetesFeatureConfigStep;

/**
 * Takes Spark's script that asks an executor to go out of its pod: the image has no shell, so each
 * pod that is deleted would warn of it. The executor hears the signal itself.
 */
public final class WithoutHook implements KubernetesFeatureConfigStep {
  @Override
  public SparkPod configurePod(SparkPod pod) {
    Container container = new ContainerBuilder(pod.container()).withLifecycle(null).build();
    return new SparkPod(pod.pod(), container);
  }
}
