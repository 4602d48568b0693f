package dev.sluice.runtime.cli;

import dev.sluice.model.Json;
import dev.sluice.model.SluiceException;
import dev.sluice.quality.ExpectationTypes;
import dev.sluice.quality.Suite;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks suites without running a job. */
@Command(
    name = "check-suite",
    description = "Checks suites: every violation at once, each with its place in the file.",
    mixinStandardHelpOptions = true)
final class CheckSuiteCommand implements Callable<Integer> {

  /** What is known of one suite, as {@code --json} prints it. */
  private record Outcome(String suite, String outcome, List<String> warnings) {}

  @Parameters(
      arity = "1..*",
      paramLabel = "SUITE",
      description = "A file, or the name of a suite of this image.")
  private List<String> suites;

  @Mixin private NamedSuites named;

  @Option(names = "--json", description = "Prints the outcome as JSON.")
  private boolean json;

  @Override
  public Integer call() {
    List<Outcome> outcomes = new ArrayList<>();
    int exitCode = 0;
    for (String name : suites) {
      try {
        Suite suite = named.read(name);
        String outcome = suite.expectations().size() + " checks, ok";
        outcomes.add(new Outcome(name, outcome, suite.warnings()));
      } catch (SluiceException e) {
        outcomes.add(new Outcome(name, e.getMessage(), List.of()));
        exitCode = e.exitCode().value();
      }
    }
    if (json) {
      System.out.print(Json.pretty(outcomes));
    } else {
      outcomes.forEach(CheckSuiteCommand::print);
      if (exitCode != 0) {
        System.out.println("known expectations: " + String.join(", ", ExpectationTypes.names()));
      }
    }
    return exitCode;
  }

  private static void print(Outcome outcome) {
    System.out.println(outcome.suite() + ": " + outcome.outcome());
    outcome.warnings().forEach(warning -> System.out.println("  warning: " + warning));
  }
}
