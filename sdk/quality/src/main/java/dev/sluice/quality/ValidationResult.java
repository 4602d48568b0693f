package dev.sluice.quality;

import dev.sluice.model.Json;
import dev.sluice.quality.Verdict.Answer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A verdict in the form of Great Expectations' own validation result, 1.x. */
public final class ValidationResult {
  private ValidationResult() {}

  /** The result as a tree of maps and lists, ready to be written as JSON. */
  public static Map<String, Object> of(Suite suite, Verdict verdict, String runId, Instant time) {
    List<Map<String, Object>> results =
        verdict.answers().stream().map(ValidationResult::item).toList();
    long successful = verdict.answers().stream().filter(Answer::success).count();
    Map<String, Object> statistics = new LinkedHashMap<>();
    statistics.put("evaluated_expectations", results.size());
    statistics.put("successful_expectations", successful);
    statistics.put("unsuccessful_expectations", results.size() - successful);
    statistics.put(
        "success_percent", results.isEmpty() ? null : 100.0 * successful / results.size());
    Map<String, Object> meta = new LinkedHashMap<>();
    Map<String, Object> run = new LinkedHashMap<>();
    run.put("run_name", runId);
    run.put("run_time", time.toString());
    meta.put("run_id", run);
    meta.put("validation_time", time.toString());
    if (!suite.warnings().isEmpty()) {
      meta.put("sluice", Map.of("warnings", suite.warnings()));
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("success", verdict.success());
    result.put("results", results);
    result.put("suite_name", suite.name());
    result.put("suite_parameters", Map.of());
    result.put("statistics", statistics);
    result.put("meta", meta);
    result.put("id", null);
    return result;
  }

  private static Map<String, Object> item(Answer answer) {
    Map<String, Object> exception = new LinkedHashMap<>();
    exception.put("raised_exception", answer.error().isPresent());
    exception.put("exception_message", answer.error().orElse(null));
    exception.put("exception_traceback", null);
    Map<String, Object> item = new LinkedHashMap<>();
    item.put("success", answer.success());
    item.put(
        "expectation_config",
        Json.mapper().convertValue(answer.planned().expectation().node(), Map.class));
    item.put("result", answer.result());
    Map<String, Object> own = new LinkedHashMap<>();
    own.put("id", answer.planned().expectation().id());
    own.put("onFailure", answer.planned().onFailure().word());
    own.put("status", answer.status());
    item.put("meta", Map.of("sluice", own));
    item.put("exception_info", exception);
    return item;
  }
}
