package dev.sluice.runtime.cli;

import dev.sluice.model.Interval;
import dev.sluice.runtime.engine.RunRequest;
import java.util.Optional;
import picocli.CommandLine.Mixin;
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

  @Mixin private Configured configured;

  String job() {
    return job;
  }

  RunRequest request() {
    return request(Optional.empty(), Optional.empty());
  }

  RunRequest request(Optional<String> receipt, Optional<String> inputs) {
    return new RunRequest(
        job,
        Optional.ofNullable(interval).map(Interval::parse),
        configured.sets(),
        configured.file(),
        configured.profile(),
        receipt,
        inputs,
        System.getenv());
  }
}
