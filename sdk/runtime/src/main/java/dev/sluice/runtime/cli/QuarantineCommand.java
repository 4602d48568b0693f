package dev.sluice.runtime.cli;

import dev.sluice.model.ExitCode;
import dev.sluice.model.Json;
import dev.sluice.runtime.engine.Jobs;
import dev.sluice.runtime.engine.Rejected;
import dev.sluice.runtime.engine.Replay;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks after rows that were rejected. */
@Command(
    name = "quarantine",
    description =
        "Shows rejected rows, tells why they were, and publishes them once that is mended.",
    mixinStandardHelpOptions = true,
    subcommands = {
      QuarantineCommand.Show.class,
      QuarantineCommand.Explain.class,
      QuarantineCommand.ReplayRows.class
    })
final class QuarantineCommand implements Callable<Integer> {
  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    command.commandLine().usage(System.out);
    return ExitCode.CONFIGURATION.value();
  }

  /** The option that says whose rows are looked at. */
  static final class OfRuns {
    @Option(
        names = "--all-runs",
        description = "Looks at rows of all runs, not of this interval's.")
    private boolean all;

    Rejected.Runs runs() {
      return all ? Rejected.Runs.ALL : Rejected.Runs.OF_THE_INTERVAL;
    }
  }

  @Command(
      name = "show",
      description = "Counts the rejected rows of a job's table by reason.",
      mixinStandardHelpOptions = true)
  static final class Show implements Callable<Integer> {
    @Mixin private Asked asked;

    @Mixin private OfRuns of;

    @Option(names = "--json", description = "Prints the report as JSON.")
    private boolean json;

    @Override
    public Integer call() {
      Rejected.Report report =
          report(asked, new Rejected.Selection(Optional.empty(), of.runs(), 1));
      System.out.print(json ? Json.pretty(report) : RejectedText.counts(report));
      return 0;
    }
  }

  @Command(
      name = "explain",
      description = "Tells why rows were rejected: the expectation, and rows that fail it.",
      mixinStandardHelpOptions = true)
  static final class Explain implements Callable<Integer> {
    @Mixin private Asked asked;

    @Option(names = "--reason", paramLabel = "ID", description = "Only this expectation.")
    private String reason;

    @Mixin private OfRuns of;

    @Option(
        names = "--rows",
        paramLabel = "N",
        defaultValue = "3",
        description = "How many rows to show for each reason; ${DEFAULT-VALUE} by default.")
    private int rows;

    @Option(names = "--json", description = "Prints the report as JSON.")
    private boolean json;

    @Override
    public Integer call() {
      Rejected.Report report =
          report(asked, new Rejected.Selection(Optional.ofNullable(reason), of.runs(), rows));
      System.out.print(json ? Json.pretty(report) : RejectedText.explained(report));
      return 0;
    }
  }

  @Command(
      name = "replay",
      description = {
        "Runs today's job over the inputs of the interval again and publishes those rows that pass",
        "now and whose key the table does not have; published rows are marked in quarantine. Needs a",
        "table with a key and an interval that a run has committed; copies of a key stay."
      },
      mixinStandardHelpOptions = true)
  static final class ReplayRows implements Callable<Integer> {
    @Mixin private Asked asked;

    @Option(names = "--json", description = "Prints the outcome as JSON.")
    private boolean json;

    @Override
    public Integer call() {
      Replay.Outcome outcome = Replay.run(asked.request(), Jobs.installed().get(asked.job()));
      System.out.print(json ? Json.pretty(outcome) : RejectedText.replayed(outcome));
      return 0;
    }
  }

  private static Rejected.Report report(Asked asked, Rejected.Selection selection) {
    return Rejected.of(asked.request(), Jobs.installed().get(asked.job()), selection);
  }
}
