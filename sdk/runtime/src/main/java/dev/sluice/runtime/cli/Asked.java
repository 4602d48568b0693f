package dev.sluice.runtime.cli;

import dev.sluice.model.Interval;
import dev.sluice.runtime.engine.RunRequest;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options that every command about one job shares. */
final class Asked {
  @Parameters(paramLabel = "JOB", description = "The job's name; 'list' shows all.")
  private String job;

  @Option(
      names = "--interval",
      paramLabel = "START/END",
      description = "The interval to run for: dates or date-times with offset, end exclusive.")
  private String interval;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Sets a setting; may be repeated. Wins over every other place.")
  private Map<String, String> sets = new LinkedHashMap<>();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The job file; ./sluice.properties by default.")
  private Path config;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description = "Reads <job file>-NAME.properties over the job file.")
  private String profile;

  String job() {
    return job;
  }

  RunRequest request(Optional<String> receipt) {
    return new RunRequest(
        job,
        Optional.ofNullable(interval).map(Interval::parse),
        sets,
        Optional.ofNullable(config),
        Optional.ofNullable(profile),
        receipt,
        System.getenv());
  }
}
