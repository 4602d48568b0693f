package dev.sluice.runtime.cli;

import dev.sluice.model.Json;
import dev.sluice.runtime.engine.Jobs;
import dev.sluice.runtime.engine.Plan;
import dev.sluice.runtime.engine.PlanRun;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what a run would do. */
@Command(
    name = "plan",
    description = "Shows what a run would read, write, check and register; reads no row.",
    mixinStandardHelpOptions = true)
final class PlanCommand implements Callable<Integer> {
  @Mixin private Asked asked;

  @Option(names = "--json", description = "Prints the plan as JSON.")
  private boolean json;

  @Override
  public Integer call() {
    Plan plan = PlanRun.plan(asked.request(), Jobs.installed().get(asked.job()));
    System.out.print(json ? Json.pretty(plan) : plan.text());
    return 0;
  }
}
