package dev.sluice.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All that an orchestrator needs to know of an image; made at build time from the jobs' specs.
 *
 * <p>JSON Schema: {@code manifest.schema.json}.
 *
 * @param manifestVersion version of this form
 * @param sdkVersion version of the SDK that wrote it
 * @param project the project's name, which is also the name of its jar and image
 * @param image the image's reference, by digest where it is known
 * @param tables every table that a job reads or writes, by name
 * @param jobs every job, by name
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Manifest(
    String manifestVersion,
    String sdkVersion,
    String project,
    Optional<String> image,
    List<Table> tables,
    List<Job> jobs) {

  /** The version of the form that this SDK writes. */
  public static final String VERSION = "1.0";

  /** One job, as an orchestrator sees it. */
  public record Job(
      String name,
      JobKind kind,
      String description,
      @JsonProperty("class") String className,
      List<Input> reads,
      Output write,
      Optional<String> suite,
      Map<String, Object> settings,
      Resources resources,
      String interval) {}

  /** One thing that a job reads: a table or a source. */
  public record Input(String name, Optional<String> table, Optional<Endpoint> source) {}

  /** What a job writes: a table or a sink. */
  public record Output(Optional<String> table, Optional<Endpoint> sink, Write mode) {}

  /** Something outside the lake. */
  public record Endpoint(String kind, Optional<String> name, String uri) {}

  /** Makes the manifest of a project from its jobs' specs, keyed by the names of their classes. */
  public static Manifest of(
      String project, Optional<String> image, Map<String, JobSpec> specsByClass) {
    Collection<JobSpec> specs = specsByClass.values();
    Map<String, Table> tables = new TreeMap<>();
    specs.stream().flatMap(spec -> spec.tables().stream()).forEach(t -> register(tables, t));
    List<Job> jobs =
        specsByClass.entrySet().stream()
            .map(entry -> job(entry.getKey(), entry.getValue()))
            .sorted(Comparator.comparing(Job::name))
            .toList();
    return new Manifest(VERSION, Sdk.version(), project, image, List.copyOf(tables.values()), jobs);
  }

  private static void register(Map<String, Table> tables, Table table) {
    Table other = tables.putIfAbsent(table.name(), table);
    if (other != null && !other.equals(table)) {
      throw SluiceException.config(
          "Cannot write the manifest: table %s is declared twice, and not alike. Declare it once"
              + " and let every job use that constant",
          table.name());
    }
  }

  private static Job job(String className, JobSpec spec) {
    return new Job(
        spec.name(),
        spec.kind(),
        spec.description(),
        className,
        spec.reads().stream().map(Manifest::input).toList(),
        output(spec),
        spec.suite(),
        SettingsType.of(spec.settings()).jsonSchema(),
        spec.resources(),
        spec.perInterval() ? "required" : "none");
  }

  private static Input input(JobSpec.Read read) {
    if (read.source() instanceof Source.TableRead table) {
      return new Input(read.name(), Optional.of(table.table().name()), Optional.empty());
    }
    Source.Files files = (Source.Files) read.source();
    Endpoint endpoint = new Endpoint(files.kind(), Optional.empty(), files.uri());
    return new Input(read.name(), Optional.empty(), Optional.of(endpoint));
  }

  private static Output output(JobSpec spec) {
    if (spec.target() instanceof JobSpec.IntoTable into) {
      return new Output(Optional.of(into.table().name()), Optional.empty(), spec.write());
    }
    Sink sink = ((JobSpec.IntoSink) spec.target()).sink();
    Endpoint endpoint = new Endpoint(sink.kind(), Optional.of(sink.name()), sink.uri());
    return new Output(Optional.empty(), Optional.of(endpoint), spec.write());
  }
}
