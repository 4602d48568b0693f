package dev.sluice.runtime.engine;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionEnd;
import org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionStart;

/**
 * The line of code that a stage belongs to, as {@code append at RouteCatalog.java:37}.
 *
 * <p>Spark names a stage by the line that has submitted it. Adaptive execution submits most of them
 * in threads of its own, which all have the same line: there it is that of the query, of which the
 * text, which may hold values, is left alone.
 */
final class QueryLines {
  /** A method of Spark, and below it the line that has called it, as stack traces have them. */
  private static final Pattern CALL =
      Pattern.compile("([\\w$]+)\\([^()]*\\)\\R[^\\r\\n]*\\(([^()]+:\\d+)\\)");

  private static final String QUERY = "spark.sql.execution.id";

  private final Map<String, String> byQuery = new HashMap<>();

  void note(SparkListenerEvent event) {
    if (event instanceof SparkListenerSQLExecutionStart start) {
      line(start.details())
          .ifPresent(line -> byQuery.put(Long.toString(start.executionId()), line));
    } else if (event instanceof SparkListenerSQLExecutionEnd end) {
      byQuery.remove(Long.toString(end.executionId()));
    }
  }

  String of(SparkListenerStageSubmitted submitted) {
    return Optional.ofNullable(submitted.properties())
        .map(properties -> properties.getProperty(QUERY))
        .map(byQuery::get)
        .orElseGet(() -> submitted.stageInfo().name());
  }

  /** Of a stack trace that begins with the method of Spark; empty where it is none. */
  static Optional<String> line(String stack) {
    Matcher call = CALL.matcher(stack);
    return call.find() ? Optional.of(call.group(1) + " at " + call.group(2)) : Optional.empty();
  }
}
