package dev.sluice.connect.kubernetes;

import dev.sluice.model.SluiceException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBackend;

/**
 * What the image does where Spark starts it as an executor: Spark's own images have a shell script
 * for it, and this one has no shell.
 */
final class ExecutorRole {
  private static final String JAVA_OPTION = "SPARK_JAVA_OPT_";

  /** Arguments of Spark's class by the variables that Spark sets in an executor's pod. */
  private static final Map<String, String> ARGUMENTS = new LinkedHashMap<>();

  static {
    ARGUMENTS.put("--driver-url", "SPARK_DRIVER_URL");
    ARGUMENTS.put("--executor-id", "SPARK_EXECUTOR_ID");
    ARGUMENTS.put("--cores", "SPARK_EXECUTOR_CORES");
    ARGUMENTS.put("--app-id", "SPARK_APPLICATION_ID");
    ARGUMENTS.put("--hostname", "SPARK_EXECUTOR_POD_IP");
    ARGUMENTS.put("--resourceProfileId", "SPARK_RESOURCE_PROFILE_ID");
    ARGUMENTS.put("--podName", "SPARK_EXECUTOR_POD_NAME");
  }

  private ExecutorRole() {}

  static void play(Map<String, String> environment) {
    properties(environment).forEach(System::setProperty);
    KubernetesExecutorBackend.main(arguments(environment).toArray(String[]::new));
  }

  static List<String> arguments(Map<String, String> environment) {
    List<String> arguments = new ArrayList<>();
    ARGUMENTS.forEach(
        (argument, variable) -> {
          String value = environment.get(variable);
          if (value == null) {
            throw SluiceException.config(
                "Cannot work as an executor: %s is not set. Spark starts executors itself; run a job"
                    + " with 'run JOB'",
                variable);
          }
          arguments.add(argument);
          arguments.add(value);
        });
    return arguments;
  }

  /**
   * The driver's settings; options of the JVM itself cannot be set once it runs: the image has
   * them.
   */
  static Map<String, String> properties(Map<String, String> environment) {
    Map<String, String> properties = new LinkedHashMap<>();
    environment.forEach(
        (variable, option) -> {
          int equals = option.indexOf('=');
          if (variable.startsWith(JAVA_OPTION) && option.startsWith("-D") && equals > 0) {
            properties.put(option.substring(2, equals), option.substring(equals + 1));
          }
        });
    return properties;
  }
}
