package dev.sluice.runtime.cli;

import dev.sluice.model.JobSpec;
import dev.sluice.runtime.bind.Settings;
import dev.sluice.runtime.spi.LakeConfig;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say where settings come from. */
final class Configured {
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

  Map<String, String> sets() {
    return sets;
  }

  Optional<Path> file() {
    return Optional.ofNullable(config);
  }

  Optional<String> profile() {
    return Optional.ofNullable(profile);
  }

  /** Where the lake is, for what is no job's own. */
  LakeConfig lake() {
    return Settings.collect(JobSpec.NoSettings.class, file(), profile(), System.getenv(), sets)
        .lake();
  }
}
