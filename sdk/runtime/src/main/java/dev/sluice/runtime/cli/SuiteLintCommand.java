package dev.sluice.runtime.cli;

import dev.sluice.model.ExitCode;
import dev.sluice.model.JobSpec;
import dev.sluice.model.Json;
import dev.sluice.model.Nearest;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Source;
import dev.sluice.model.Table;
import dev.sluice.quality.Suite;
import dev.sluice.quality.SuiteFinding;
import dev.sluice.quality.SuiteLint;
import dev.sluice.runtime.engine.Jobs;
import dev.sluice.runtime.lake.Schemas;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.spark.sql.types.StructType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Looks for what a suite's author can hardly have meant. */
@Command(
    name = "lint",
    description = {
      "Looks for mistakes in suites that are valid: checks that never or always fail,",
      "contradictions, duplicates, unknown columns, regular expressions that are none."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Exit codes: 0 clean, 2 a suite cannot be used, 3 findings."})
final class SuiteLintCommand implements Callable<Integer> {
  private static final int FINDINGS = 3;

  /** What was found in one suite, as {@code --json} prints it. */
  private record Linted(
      String suite, String error, List<String> warnings, List<SuiteFinding> findings) {}

  @Parameters(
      arity = "0..*",
      paramLabel = "SUITE",
      description = "A file, or the name of a suite of this image; with --job, the job's own.")
  private List<String> suites = new ArrayList<>();

  @Mixin private NamedSuites named;

  @Option(
      names = "--job",
      paramLabel = "NAME",
      description = "Checks columns against the table that this job writes.")
  private String job;

  @Option(
      names = "--table",
      paramLabel = "NAME",
      description = "Checks columns against this table, as a job of this image declares it.")
  private String table;

  @Option(names = "--json", description = "Prints the findings as JSON.")
  private boolean json;

  @Override
  public Integer call() {
    Optional<StructType> schema = schema();
    List<Linted> all = names().stream().map(name -> lint(name, schema)).toList();
    if (json) {
      System.out.print(Json.pretty(all));
    } else {
      all.forEach(SuiteLintCommand::print);
    }
    if (all.stream().anyMatch(one -> !one.error().isEmpty())) {
      return ExitCode.CONFIGURATION.value();
    }
    return all.stream().allMatch(one -> one.findings().isEmpty()) ? 0 : FINDINGS;
  }

  private Linted lint(String name, Optional<StructType> schema) {
    try {
      Suite suite = named.read(name);
      return new Linted(name, "", suite.warnings(), SuiteLint.findings(suite, schema));
    } catch (SluiceException e) {
      return new Linted(name, e.getMessage(), List.of(), List.of());
    }
  }

  private static void print(Linted one) {
    if (!one.error().isEmpty()) {
      System.out.println(one.suite() + ": " + one.error());
      return;
    }
    System.out.println(
        one.suite()
            + ": "
            + switch (one.findings().size()) {
              case 0 -> "clean";
              case 1 -> "1 finding";
              default -> one.findings().size() + " findings";
            });
    one.warnings().forEach(warning -> System.out.println("  warning: " + warning));
    one.findings().forEach(finding -> System.out.println("  " + finding));
  }

  private List<String> names() {
    if (!suites.isEmpty()) {
      return suites;
    }
    if (job == null) {
      throw SluiceException.config("Cannot lint suites: none is named. Name a SUITE, or a --job");
    }
    return spec()
        .suite()
        .map(List::of)
        .orElseThrow(
            () ->
                SluiceException.config(
                    "Cannot lint the suite of job '%s': it has none. Name a SUITE", job));
  }

  private JobSpec spec() {
    return Jobs.installed().get(job).spec();
  }

  private Optional<StructType> schema() {
    if (table == null && job == null) {
      return Optional.empty();
    }
    Table declared = table == null ? written() : declared();
    return Optional.of(Schemas.spark(declared.columns()));
  }

  private Table written() {
    return spec()
        .table()
        .orElseThrow(
            () ->
                SluiceException.config(
                    "Cannot check columns against job '%s': it writes no table. Name a --table",
                    job));
  }

  /** A table that some job of this image writes or reads. */
  private Table declared() {
    Map<String, Table> tables = new TreeMap<>();
    for (JobSpec spec : Jobs.installed().specsByClass().values()) {
      spec.table().ifPresent(one -> tables.put(one.name(), one));
      for (JobSpec.Read read : spec.reads()) {
        if (read.source() instanceof Source.TableRead one) {
          tables.put(one.table().name(), one.table());
        }
      }
    }
    if (!tables.containsKey(table)) {
      throw SluiceException.config(
          "Cannot check columns against table '%s': no job of this image declares it. %s",
          table, Nearest.hint(table, tables.keySet()));
    }
    return tables.get(table);
  }
}
