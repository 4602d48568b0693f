package dev.sluice.runtime.cli;

import dev.sluice.model.ExitCode;
import dev.sluice.model.Json;
import dev.sluice.model.Nearest;
import dev.sluice.model.Receipt;
import dev.sluice.model.SluiceException;
import dev.sluice.runtime.engine.Jobs;
import dev.sluice.runtime.engine.Repro;
import dev.sluice.runtime.engine.Runs;
import dev.sluice.runtime.engine.Verification;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Looks at the runs of a job. */
@Command(
    name = "runs",
    description =
        "Lists the runs of a job, shows one or does it again, and compares them with the ledger.",
    mixinStandardHelpOptions = true,
    subcommands = {
      RunsCommand.ListRuns.class,
      RunsCommand.Show.class,
      RunsCommand.Verify.class,
      RunsCommand.ReproRun.class
    })
final class RunsCommand implements Callable<Integer> {
  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    command.commandLine().usage(System.out);
    return ExitCode.CONFIGURATION.value();
  }

  private static List<Receipt> receipts(Asked asked) {
    return Runs.receipts(asked.request(), Jobs.installed().get(asked.job()));
  }

  private static Receipt receipt(Asked asked, String run) {
    List<Receipt> receipts = receipts(asked);
    return receipts.stream()
        .filter(receipt -> receipt.runId().equals(run))
        .findFirst()
        .orElseThrow(
            () ->
                SluiceException.config(
                    "Cannot show run '%s': job %s has no receipt of it. %s",
                    run,
                    asked.job(),
                    Nearest.hint(run, receipts.stream().map(Receipt::runId).toList())));
  }

  @Command(
      name = "list",
      description = "Lists the runs of a job by their receipts, oldest first.",
      mixinStandardHelpOptions = true)
  static final class ListRuns implements Callable<Integer> {
    @Mixin private Asked asked;

    @Option(names = "--json", description = "Prints the receipts as JSON.")
    private boolean json;

    @Override
    public Integer call() {
      List<Receipt> receipts = receipts(asked);
      if (json) {
        System.out.print(Json.pretty(receipts));
      } else {
        receipts.forEach(receipt -> System.out.println(line(receipt)));
      }
      return 0;
    }

    private static String line(Receipt receipt) {
      String rows =
          receipt
              .rows()
              .map(
                  n ->
                      String.format(
                          Locale.ROOT,
                          "%,d written, %,d quarantined, %,d filtered",
                          n.written(),
                          n.quarantined(),
                          n.filtered()))
              .orElse("");
      return String.format(
              "%s  %-17s %s  %s", receipt.runId(), receipt.status(), receipt.runKey(), rows)
          .stripTrailing();
    }
  }

  @Command(
      name = "show",
      description = "Prints the receipt of one run.",
      mixinStandardHelpOptions = true)
  static final class Show implements Callable<Integer> {
    @Mixin private Asked asked;

    @Parameters(
        index = "1",
        paramLabel = "RUN",
        description = "The run's id; 'runs list' shows all.")
    private String run;

    @Override
    public Integer call() {
      System.out.print(receipt(asked, run).full());
      return 0;
    }
  }

  @Command(
      name = "verify",
      description =
          "Checks that every commit in the ledger has one receipt, every receipt its commit, and that"
              + " the audit log is whole.",
      mixinStandardHelpOptions = true)
  static final class Verify implements Callable<Integer> {
    @Mixin private Asked asked;

    @Override
    public Integer call() {
      List<String> findings =
          Verification.verify(asked.request(), Jobs.installed().get(asked.job()));
      findings.forEach(System.out::println);
      System.out.println(
          findings.isEmpty()
              ? "receipts, ledger and audit log agree"
              : findings.size() + " differences");
      return findings.isEmpty() ? 0 : ExitCode.GATE_REFUSED.value();
    }
  }

  @Command(
      name = "repro",
      description = "Prints the command that does a run again, on the inputs that it has read.",
      mixinStandardHelpOptions = true)
  static final class ReproRun implements Callable<Integer> {
    @Mixin private Asked asked;

    @Parameters(
        index = "1",
        paramLabel = "RUN",
        description = "The run's id; 'runs list' shows all.")
    private String run;

    @Override
    public Integer call() {
      Repro.command(receipt(asked, run)).forEach(System.out::println);
      return 0;
    }
  }
}
