package dev.sluice.runtime.cli;

import dev.sluice.model.ExitCode;
import dev.sluice.model.Json;
import dev.sluice.runtime.engine.Jobs;
import dev.sluice.runtime.engine.Runs;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Settles whether a run has published. */
@Command(
    name = "reconcile",
    description = {
      "Asks the ledger whether the work of a run is published, after one that ended with exit code 5",
      "or was lost. Changes nothing. Exit code 0: it is; 75: it is not, so run it again."
    },
    mixinStandardHelpOptions = true)
final class ReconcileCommand implements Callable<Integer> {
  @Mixin private Asked asked;

  @Option(names = "--json", description = "Prints the answer as JSON.")
  private boolean json;

  @Override
  public Integer call() {
    Runs.Settled settled = Runs.reconcile(asked.request(), Jobs.installed().get(asked.job()));
    String told =
        settled
            .commit()
            .map(
                commit ->
                    String.format(
                        "%s: committed by run %s at %s, %d rows",
                        settled.runKey(),
                        commit.runId(),
                        commit.committedAt(),
                        commit.rows().written()))
            .orElse(settled.runKey() + ": not committed. Run it again");
    System.out.print(json ? Json.pretty(settled) : told + System.lineSeparator());
    return settled.commit().isPresent() ? 0 : ExitCode.TRANSIENT.value();
  }
}
