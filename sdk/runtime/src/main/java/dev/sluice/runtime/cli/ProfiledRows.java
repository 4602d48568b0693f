package dev.sluice.runtime.cli;

import dev.sluice.model.JobSpec;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.quality.profile.Profiler;
import dev.sluice.quality.profile.TableProfile;
import dev.sluice.runtime.engine.Jobs;
import dev.sluice.runtime.lake.Lake;
import dev.sluice.runtime.lake.LakeTables;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The rows that a suite is proposed for: of a table, of the table of a job, or of a file. */
final class ProfiledRows {
  @Parameters(
      index = "0",
      paramLabel = "TABLE",
      description = "A table of the lake: namespace.table.")
  private String table;

  @Option(
      names = "--job",
      paramLabel = "JOB",
      description = "The table that this job writes; its declared key is counted as well.")
  private String job;

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      description = "A CSV file with a header; read once more to find the types.")
  private Path csv;

  /** The job whose settings hold: that which is named, or one that writes the table. */
  Optional<JobSpec> job() {
    if (job != null) {
      return Optional.of(Jobs.installed().get(job).spec());
    }
    return Jobs.installed().specsByClass().values().stream()
        .filter(spec -> spec.table().map(Table::name).filter(n -> n.equals(table)).isPresent())
        .findFirst();
  }

  /** What the rows are called, for people. */
  String name() {
    return csv == null ? table().orElse(table) : csv.toString();
  }

  /** What a suite for them would be called. */
  String suiteName() {
    return csv == null
        ? name().substring(name().indexOf('.') + 1)
        : csv.getFileName().toString().replaceFirst("\\.[^.]*$", "");
  }

  /** Looks at all rows, or the first of them. */
  TableProfile profile(Lake lake, Optional<Long> first, String nullValue) {
    Dataset<Row> all = csv == null ? ofTable(lake) : ofFile(lake, nullValue);
    List<String> key = csv == null ? declared().map(Table::key).orElse(List.of()) : List.of();
    if (first.isEmpty()) {
      return Profiler.profile(all, key);
    }
    // Kept, as the rows that come first may be others the second time.
    Dataset<Row> some = all.limit(Math.toIntExact(first.get())).persist();
    try {
      return Profiler.profile(some, key).ofSample();
    } finally {
      some.unpersist();
    }
  }

  private Dataset<Row> ofTable(Lake lake) {
    return lake.pin(declared().orElseGet(() -> new LakeTables(lake).get(table))).rows();
  }

  private Dataset<Row> ofFile(Lake lake, String nullValue) {
    if (!Files.exists(csv)) {
      throw SluiceException.config("Cannot read %s: there is no such file. Correct --csv", csv);
    }
    return lake.spark()
        .read()
        .option("header", "true")
        .option("inferSchema", "true")
        .option("nullValue", nullValue)
        .csv("file://" + csv.toAbsolutePath());
  }

  /** The table as its job declares it. */
  private Optional<Table> declared() {
    Optional<JobSpec> spec = job();
    if (job != null && spec.flatMap(JobSpec::table).isEmpty()) {
      throw SluiceException.config(
          "Cannot profile the output of %s: it loads %s, which is no table. Name the table that it"
              + " reads instead",
          job, spec.orElseThrow().target().name());
    }
    return spec.flatMap(JobSpec::table);
  }

  private Optional<String> table() {
    return declared().map(Table::name);
  }
}
