package dev.sluice.runtime.cli;

import dev.sluice.model.JobSpec;
import dev.sluice.model.Json;
import dev.sluice.model.SettingsType;
import dev.sluice.runtime.engine.Jobs;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows the jobs of this image. */
@Command(
    name = "list",
    description = "Shows the jobs of this image with their settings.",
    mixinStandardHelpOptions = true)
final class ListCommand implements Callable<Integer> {

  /** One job as {@code --json} prints it. */
  private record Listed(
      String name, String kind, String description, String writes, List<String> settings) {}

  @Option(names = "--json", description = "Prints the jobs as JSON.")
  private boolean json;

  @Override
  public Integer call() {
    List<Listed> jobs =
        Jobs.installed().specsByClass().values().stream().map(ListCommand::listed).toList();
    System.out.print(json ? Json.pretty(jobs) : text(jobs));
    return 0;
  }

  private static Listed listed(JobSpec spec) {
    return new Listed(
        spec.name(),
        spec.kind().word(),
        spec.description(),
        spec.target().name(),
        SettingsType.of(spec.settings()).keys());
  }

  private static String text(List<Listed> jobs) {
    int width = jobs.stream().mapToInt(job -> job.name().length()).max().orElse(0);
    StringBuilder text = new StringBuilder();
    for (Listed job : jobs) {
      text.append(
          String.format("%-" + width + "s  %-9s  %s%n", job.name(), job.kind(), job.description()));
      text.append(
          String.format(
              "%" + width + "s  writes %s; settings: %s%n",
              "",
              job.writes(),
              job.settings().isEmpty() ? "none" : String.join(", ", job.settings())));
    }
    return text.toString();
  }
}
