package dev.sluice.runtime.cli;

import dev.sluice.model.SluiceException;
import dev.sluice.runtime.spi.ClusterProvider;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** What the image does in the pods that Spark starts beside a run's own; not for people. */
@Command(name = "executor", description = "Works for a run; Spark starts it.", hidden = true)
final class ExecutorCommand implements Callable<Integer> {

  @Override
  public Integer call() {
    ServiceLoader.load(ClusterProvider.class)
        .findFirst()
        .orElseThrow(
            () ->
                SluiceException.config(
                    "Cannot work as an executor: no connector for a cluster is in this image. Add"
                        + " the dependency sluice-connect-kubernetes"))
        .executor(System.getenv());
    return 0;
  }
}
