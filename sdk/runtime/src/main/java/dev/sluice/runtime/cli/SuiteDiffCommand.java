package dev.sluice.runtime.cli;

import dev.sluice.model.Json;
import dev.sluice.quality.SuiteDiff;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares two suites. */
@Command(
    name = "diff",
    description = {
      "Shows how two suites differ in what they ask: added, removed and changed checks.",
      "Their order, their notes and the release that wrote them make no difference."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Exit codes: 0 no difference, 1 differences, 2 a suite cannot be used."})
final class SuiteDiffCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "BEFORE",
      description = "A file, or the name of a suite of this image.")
  private String before;

  @Parameters(index = "1", paramLabel = "AFTER", description = "The same.")
  private String after;

  @Mixin private NamedSuites named;

  @Option(names = "--json", description = "Prints the differences as JSON.")
  private boolean json;

  @Override
  public Integer call() {
    SuiteDiff diff = SuiteDiff.of(named.read(before), named.read(after));
    System.out.print(json ? Json.pretty(diff) : diff.text());
    return diff.none() ? 0 : 1;
  }
}
