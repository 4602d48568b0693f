package dev.sluice.runtime.cli;

import dev.sluice.model.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What can be done with suites outside of a run. */
@Command(
    name = "suite",
    description = "Works on suites: proposes one for a table, finds mistakes, compares two.",
    mixinStandardHelpOptions = true,
    subcommands = {SuiteInitCommand.class, SuiteLintCommand.class, SuiteDiffCommand.class})
final class SuiteCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(System.out);
    return ExitCode.CONFIGURATION.value();
  }
}
