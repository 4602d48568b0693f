package dev.sluice.runtime.lake;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.SparkPlugin;
import org.apache.spark.rdd.InputFileBlockHolder;
import org.apache.spark.util.TaskFailureListener;

/**
 * Says of a task that failed which file it was reading. Not every reader does: Iceberg's tells it
 * to the log alone.
 */
public final class ReadingFile extends Exception {
  private static final long serialVersionUID = 1L;

  private final String file;

  private ReadingFile(String file) {
    super("while reading " + file, null, false, false);
    this.file = file;
  }

  /** The file that was being read, if one was. */
  public static Optional<String> of(List<Throwable> chain) {
    return chain.stream()
        .flatMap(link -> Arrays.stream(link.getSuppressed()))
        .filter(ReadingFile.class::isInstance)
        .map(found -> ((ReadingFile) found).file)
        .findFirst();
  }

  /** What Spark loads by its name. */
  public static final class Plugin implements SparkPlugin {
    @Override
    public DriverPlugin driverPlugin() {
      return null;
    }

    @Override
    public ExecutorPlugin executorPlugin() {
      return new ExecutorPlugin() {
        @Override
        public void onTaskStart() {
          TaskFailureListener listener = (task, error) -> note(error);
          TaskContext.get().addTaskFailureListener(listener);
        }
      };
    }

    private static void note(Throwable error) {
      String file = InputFileBlockHolder.getInputFilePath().toString();
      if (!file.isEmpty()) {
        error.addSuppressed(new ReadingFile(file));
      }
    }
  }
}
