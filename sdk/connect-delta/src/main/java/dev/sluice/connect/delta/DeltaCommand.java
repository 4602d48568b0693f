package dev.sluice.connect.delta;

import dev.sluice.model.Table;
import dev.sluice.runtime.spi.LakeAccess;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.spark.sql.RuntimeConfig;
import org.apache.spark.sql.delta.TransactionExecutionObserver;

/** One of Delta's own commands, which is told by the session's settings how to commit. */
final class DeltaCommand {
  private DeltaCommand() {}

  /** What its commit notes. */
  static final String NOTE = "spark.databricks.delta.commitInfo.userMetadata";

  /** The table in a statement. */
  static String named(LakeAccess lake, Table table) {
    return "delta.`" + lake.location(table).replace("`", "``") + "`";
  }

  /** Runs it with settings of its own. */
  static <T> T run(
      LakeAccess lake, Map<String, String> settings, Observed observed, Supplier<T> command) {
    AtomicReference<T> answer = new AtomicReference<>();
    RuntimeConfig session = lake.spark().conf();
    settings.forEach(session::set);
    try {
      TransactionExecutionObserver.withObserver(
          observed,
          () -> {
            answer.set(command.get());
            return null;
          });
      return answer.get();
    } finally {
      settings.keySet().forEach(session::unset);
    }
  }
}
