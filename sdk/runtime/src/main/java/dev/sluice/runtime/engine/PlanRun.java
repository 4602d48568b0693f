package dev.sluice.runtime.engine;

import dev.sluice.model.SluiceException;
import dev.sluice.runtime.Job;

/**
 * A plan that a launcher may have asked for: it finds what came of it in the termination message.
 */
public final class PlanRun {
  private PlanRun() {}

  /**
   * Plans a request, and leaves the plan in short, or why there is none.
   *
   * @throws SluiceException where a run could not succeed
   */
  public static Plan plan(RunRequest request, Job job) {
    try {
      Plan plan = Planner.plan(request, job);
      TerminationMessage.write(request.environment(), PlanMessage.of(plan, request.environment()));
      return plan;
    } catch (SluiceException e) {
      TerminationMessage.write(
          request.environment(), PlanMessage.of(e, request.job(), request.environment()));
      throw e;
    }
  }
}
