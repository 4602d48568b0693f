package dev.sluice.runtime.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.model.ErrorKind;
import dev.sluice.model.JobSpec;
import dev.sluice.model.Json;
import dev.sluice.model.SluiceException;
import dev.sluice.quality.profile.SuiteProposal;
import dev.sluice.quality.profile.TableProfile;
import dev.sluice.runtime.bind.Settings;
import dev.sluice.runtime.lake.Lake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Proposes a suite for rows that are there. */
@Command(
    name = "init",
    description = {
      "Looks at a table once and proposes a suite for it: types, nulls, ranges, sets, keys, lengths,"
          + " patterns, each with what it was taken from. For a person to read and edit."
    },
    mixinStandardHelpOptions = true)
final class SuiteInitCommand implements Callable<Integer> {
  @ArgGroup(exclusive = true, multiplicity = "1")
  private ProfiledRows profiled;

  @Option(
      names = "--rows",
      paramLabel = "N",
      description = "Looks at the first N rows only; the number of rows is not proposed then.")
  private Long rows;

  @Option(
      names = "--null-value",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "The text that stands for a missing value in --csv; the empty text by default.")
  private String nullValue;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The suite's name; by default that of the table or file.")
  private String name;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Writes the suite to a file, such as quality-suites/NAME.json.")
  private Path output;

  @Option(names = "--force", description = "Overwrites the file of --output.")
  private boolean force;

  @Mixin private Configured configured;

  @Override
  public Integer call() {
    refuseOverwriting();
    if (rows != null && rows < 1) {
      throw SluiceException.config("Cannot look at %d rows: give --rows 1 or more", rows);
    }
    Instant start = Instant.now();
    try (Lake lake = Lake.open(settings().lake())) {
      say("reading " + profiled.name());
      TableProfile found = profiled.profile(lake, Optional.ofNullable(rows), nullValue);
      JsonNode suite = SuiteProposal.of(found.named(name == null ? profiled.suiteName() : name));
      write(Json.pretty(suite));
      say(
          String.format(
              Locale.ROOT,
              "%d expectations from %,d rows and %d columns in %.1f s",
              suite.get("expectations").size(),
              found.rows(),
              found.columns().size(),
              Duration.between(start, Instant.now()).toMillis() / 1000.0));
      return 0;
    }
  }

  private Settings settings() {
    return Settings.collect(
        profiled.job().map(JobSpec::settings).orElse(JobSpec.NoSettings.class),
        configured.file(),
        configured.profile(),
        System.getenv(),
        configured.sets());
  }

  private void refuseOverwriting() {
    if (output != null && !force && Files.exists(output)) {
      throw SluiceException.config(
          "Cannot write the suite to %s: the file exists, and may have been edited. Choose another"
              + " --output, or add --force",
          output);
    }
  }

  private void write(String suite) {
    if (output == null) {
      System.out.print(suite);
      return;
    }
    try {
      Files.createDirectories(output.toAbsolutePath().getParent());
      Files.writeString(output, suite);
      say("wrote " + output);
    } catch (IOException e) {
      throw new SluiceException(
          ErrorKind.CONFIG,
          "Cannot write the suite to " + output + ": " + e.getMessage() + ". Choose --output",
          e);
    }
  }

  private static void say(String line) {
    System.err.println("suite init: " + line);
  }
}
