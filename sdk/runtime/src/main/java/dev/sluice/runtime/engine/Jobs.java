package dev.sluice.runtime.engine;

import dev.sluice.model.JobSpec;
import dev.sluice.model.Nearest;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.runtime.Job;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The jobs of this image. */
public final class Jobs {
  private final Map<String, Job> byName = new TreeMap<>();

  private Jobs(Iterable<Job> jobs) {
    for (Job job : jobs) {
      Job other = byName.putIfAbsent(job.spec().name(), job);
      if (other != null) {
        throw SluiceException.config(
            "Cannot use the jobs of this image: %s and %s are both called %s. Rename one",
            other.getClass().getName(), job.getClass().getName(), job.spec().name());
      }
    }
  }

  /** Those that are registered as services. */
  public static Jobs installed() {
    return new Jobs(ServiceLoader.load(Job.class));
  }

  /** Just these. */
  public static Jobs of(Iterable<Job> jobs) {
    return new Jobs(jobs);
  }

  /**
   * The job with this name.
   *
   * @throws SluiceException of kind CONFIG where there is none, naming the nearest
   */
  public Job get(String name) {
    Job job = byName.get(name);
    if (job == null) {
      throw SluiceException.config(
          "Cannot run job '%s': this image does not have it. %s",
          name, Nearest.hint(name, byName.keySet()));
    }
    return job;
  }

  /** The job that writes a table, the first by its name. */
  public Optional<Job> writing(String table) {
    return byName.values().stream()
        .filter(job -> job.spec().table().map(Table::name).filter(table::equals).isPresent())
        .findFirst();
  }

  /**
   * A table, and the settings of the job that writes it.
   *
   * @param settings the record of these settings
   */
  public record Written(Table table, Class<? extends Record> settings) {
    /** What a job writes, which is a table. */
    public static Written of(Job job) {
      return new Written(job.spec().table().orElseThrow(), job.spec().settings());
    }
  }

  /**
   * The table with this name, or that of the job with this name.
   *
   * @param beside one that no job declares
   * @throws SluiceException of kind CONFIG where there is none, naming the nearest
   */
  public Written table(String name, Supplier<Table> beside) {
    Map<String, Written> known = tables();
    if (known.containsKey(name)) {
      return known.get(name);
    }
    Table table = beside.get();
    if (table.name().equals(name)) {
      return new Written(table, JobSpec.NoSettings.class);
    }
    throw SluiceException.config(
        "Cannot maintain '%s': no table of this image and no job that writes one is called so. %s",
        name, Nearest.hint(name, known.keySet()));
  }

  private Map<String, Written> tables() {
    Map<String, Written> known = new TreeMap<>();
    for (JobSpec spec : specsByClass().values()) {
      for (Table table : spec.tables()) {
        known.putIfAbsent(table.name(), new Written(table, JobSpec.NoSettings.class));
      }
    }
    for (JobSpec spec : specsByClass().values()) {
      spec.table()
          .map(table -> new Written(table, spec.settings()))
          .ifPresent(
              written -> {
                known.put(written.table().name(), written);
                known.put(spec.name(), written);
              });
    }
    return known;
  }

  /** Every job's spec, by the name of its class. */
  public Map<String, JobSpec> specsByClass() {
    Map<String, JobSpec> specs = new TreeMap<>();
    byName.values().forEach(job -> specs.put(job.getClass().getName(), job.spec()));
    return specs;
  }
}
