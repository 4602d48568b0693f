package dev.sluice.runtime.cli;

import dev.sluice.model.Interval;
import dev.sluice.model.Receipt;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.engine.LifeCycle;
import dev.sluice.runtime.engine.Progress;
import dev.sluice.runtime.engine.RunRequest;
import dev.sluice.runtime.engine.Stop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * What the build of an image trains the JVM on: small jobs, run as any other, in a lake of their
 * own. Whoever starts the JVM notes which classes they load, and archives those.
 */
@Command(name = "warm-up", description = "Runs small jobs, to load classes.", hidden = true)
final class WarmUpCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FOLDER", description = "An empty folder, which it fills.")
  private Path folder;

  @Override
  public Integer call() {
    WarmUpJobs.write(folder);
    for (Job job : WarmUpJobs.all()) {
      Receipt receipt = run(job);
      System.err.println(RunCommand.summary(receipt));
      int code = receipt.exitCode().orElseThrow();
      if (code != 0) {
        return code;
      }
    }
    return 0;
  }

  private Receipt run(Job job) {
    String name = job.spec().name();
    RunRequest request =
        new RunRequest(
            name,
            Optional.of(Interval.parse(WarmUpJobs.INTERVAL)),
            Map.of("inbox", folder.toString(), "lake.warehouse", lake()),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            outside());
    try (Progress progress = RunCommand.progress(name)) {
      return new LifeCycle(request, job, progress, new Stop()).run();
    }
  }

  private String lake() {
    try {
      return Files.createDirectories(folder.resolve("lake")).toUri().toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The environment without the settings of this machine's own lake and collector, if it has any.
   */
  private static Map<String, String> outside() {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.keySet().removeIf(name -> name.startsWith("SLUICE_") || name.startsWith("OTEL_"));
    return environment;
  }
}
