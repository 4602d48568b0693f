package dev.sluice.model;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The run of OpenLineage that has started this one: an Airflow task, as a rule.
 *
 * @param namespace namespace of its job
 * @param name name of its job
 * @param runId its run id
 * @param root the run at the top: the DAG's
 */
public record ParentRun(String namespace, String name, String runId, Optional<ParentRun> root) {

  /** The variable that names the parent as NAMESPACE/JOB/RUN. */
  public static final String VARIABLE = "OPENLINEAGE_PARENT_ID";

  /** The variable that names the root in the same form. */
  public static final String ROOT_VARIABLE = "OPENLINEAGE_ROOT_PARENT_ID";

  /** What the environment says; empty where it says nothing, or nothing of that form. */
  public static Optional<ParentRun> of(Map<String, String> environment) {
    return parse(
        environment.get(VARIABLE), parse(environment.get(ROOT_VARIABLE), Optional.empty()));
  }

  private static Optional<ParentRun> parse(String text, Optional<ParentRun> root) {
    // The namespace may be an address and hold slashes; names and ids of runs hold none.
    int beforeRun = text == null ? -1 : text.lastIndexOf('/');
    int beforeName = beforeRun < 0 ? -1 : text.lastIndexOf('/', beforeRun - 1);
    if (beforeName <= 0 || beforeName + 1 == beforeRun || beforeRun + 1 == text.length()) {
      return Optional.empty();
    }
    return Optional.of(
        new ParentRun(
            text.substring(0, beforeName),
            text.substring(beforeName + 1, beforeRun),
            text.substring(beforeRun + 1),
            root));
  }

  /** The settings by which a listener of OpenLineage in Spark learns of it. */
  public Map<String, String> sparkSettings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("spark.openlineage.parentJobNamespace", namespace);
    settings.put("spark.openlineage.parentJobName", name);
    settings.put("spark.openlineage.parentRunId", runId);
    root.ifPresent(
        top -> {
          settings.put("spark.openlineage.rootParentJobNamespace", top.namespace());
          settings.put("spark.openlineage.rootParentJobName", top.name());
          settings.put("spark.openlineage.rootParentRunId", top.runId());
        });
    return settings;
  }
}
