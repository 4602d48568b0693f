package dev.sluice.runtime.cli;

import dev.sluice.runtime.engine.Jobs;
import dev.sluice.runtime.engine.Planner;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Brings the catalog in line with a job's table. */
@Command(
    name = "register",
    description = "Brings the catalog in line with the declaration of a job's table; idempotent.",
    mixinStandardHelpOptions = true)
final class RegisterCommand implements Callable<Integer> {
  @Mixin private Asked asked;

  @Option(names = "--plan", description = "Shows what would be changed, and changes nothing.")
  private boolean plan;

  @Override
  public Integer call() {
    List<String> changes =
        Planner.register(asked.request(), Jobs.installed().get(asked.job()), plan);
    System.out.println(changes.isEmpty() ? "no change" : String.join("\n", changes));
    return 0;
  }
}
