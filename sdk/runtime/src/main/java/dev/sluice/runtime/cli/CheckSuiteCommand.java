package dev.sluice.runtime.cli;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.Json;
import dev.sluice.model.SluiceException;
import dev.sluice.quality.ExpectationTypes;
import dev.sluice.quality.Suite;
import dev.sluice.quality.SuiteParser;
import dev.sluice.runtime.engine.Suites;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks suites without running a job. */
@Command(
    name = "check-suite",
    description = "Checks suites: every violation at once, each with its place in the file.",
    mixinStandardHelpOptions = true)
final class CheckSuiteCommand implements Callable<Integer> {
  @Parameters(
      arity = "1..*",
      paramLabel = "SUITE",
      description = "A file, or the name of a suite of this image.")
  private List<String> suites;

  @Option(names = "--json", description = "Prints the outcome as JSON.")
  private boolean json;

  @Override
  public Integer call() {
    List<Map<String, String>> outcomes = new ArrayList<>();
    int exitCode = 0;
    for (String name : suites) {
      try {
        Suite suite = read(name);
        outcomes.add(Map.of("suite", name, "outcome", suite.expectations().size() + " checks, ok"));
      } catch (SluiceException e) {
        outcomes.add(Map.of("suite", name, "outcome", e.getMessage()));
        exitCode = e.exitCode().value();
      }
    }
    if (json) {
      System.out.print(Json.pretty(outcomes));
    } else {
      outcomes.forEach(o -> System.out.println(o.get("suite") + ": " + o.get("outcome")));
      if (exitCode != 0) {
        System.out.println("known expectations: " + String.join(", ", ExpectationTypes.names()));
      }
    }
    return exitCode;
  }

  private static Suite read(String name) {
    Path file = Path.of(name);
    if (!Files.exists(file)) {
      return Suites.load(name);
    }
    try {
      return SuiteParser.parse(Files.readString(file), name);
    } catch (IOException e) {
      throw new SluiceException(
          ErrorKind.CONFIG, "Cannot read " + name + ": " + e.getMessage() + ". Check the file", e);
    }
  }
}
