package dev.sluice.runtime.cli;

import dev.sluice.model.Receipt;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.engine.Jobs;
import dev.sluice.runtime.engine.Progress;
import dev.sluice.runtime.engine.RegistrationRun;
import dev.sluice.runtime.engine.RunRequest;
import dev.sluice.runtime.engine.Stop;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Brings the catalog in line with a job's table. */
@Command(
    name = "register",
    description = {
      "Brings the catalog in line with the declaration of a job's table, and prints",
      "what it has changed; idempotent. Leaves a receipt like any run. Only a sink",
      "needs the job's interval."
    },
    mixinStandardHelpOptions = true)
final class RegisterCommand implements Callable<Integer> {
  @Mixin private Asked asked;

  @Option(names = "--plan", description = "Shows what would be changed, and changes nothing.")
  private boolean plan;

  @Option(
      names = "--receipt",
      paramLabel = "URI",
      description = "Puts one more copy of the receipt here: a path or a URI.")
  private String receipt;

  @Option(names = "--json", description = "Prints the receipt as JSON instead of the changes.")
  private boolean json;

  @Override
  public Integer call() {
    Job job = Jobs.installed().get(asked.job());
    RunRequest request = asked.request(Optional.ofNullable(receipt), Optional.empty());
    if (plan) {
      System.out.println(text(RegistrationRun.plan(request, job)));
      return 0;
    }
    Stop stop = new Stop();
    RunCommand.onSignal(stop::ask);
    Receipt done;
    try (Progress progress = RunCommand.progress(RegistrationRun.name(job))) {
      done = new RegistrationRun(request, job, progress, stop).run();
    }
    if (json) {
      System.out.print(done.full());
    } else {
      done.registered().ifPresent(changes -> System.out.println(text(changes)));
    }
    System.err.println(RunCommand.summary(done));
    return done.exitCode().orElseThrow();
  }

  private static String text(List<String> changes) {
    return changes.isEmpty() ? "no change" : String.join("\n", changes);
  }
}
