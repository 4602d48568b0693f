package dev.sluice.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ManifestTest {
  private static final SchemaFile SCHEMA = new SchemaFile("manifest.schema.json");

  @Test
  void keepsItsSchema() {
    assertThat(SCHEMA.violations(Json.pretty(manifest(Optional.empty())))).isEmpty();
    assertThat(SCHEMA.violations(Json.pretty(manifest(Optional.of("registry/flights@sha256:1")))))
        .isEmpty();
  }

  @Test
  void theSchemaTellsAManifestFromSomethingElse() {
    String manifest = Json.line(manifest(Optional.empty()));

    assertThat(SCHEMA.violations(manifest.replace("\"jobs\"", "\"job\"")))
        .containsExactly("#: required key [jobs] not found");
    assertThat(SCHEMA.violations(manifest.replace("\"required\"", "\"sometimes\"")))
        .contains("#/jobs/0/interval: sometimes is not a valid enum value");
    assertThat(SCHEMA.violations(manifest.replace("\"1.0\"", "\"2.0\"")))
        .containsExactly("#/manifest_version: string [2.0] does not match pattern ^1\\.[0-9]+$");
  }

  @Test
  void isTheGoldenOne() {
    String manifest = Json.pretty(manifest(Optional.of("registry/flights@sha256:1")));

    Golden.assertSame(
        "manifest.json",
        manifest.replace(
            "\"sdk_version\" : \"" + Sdk.version() + "\"", "\"sdk_version\" : \"SDK\""));
  }

  @Test
  void carriesTheVersionOfTheSdk() {
    assertThat(Sdk.version()).matches("\\d+\\.\\d+\\.\\d+(-.+)?");
    assertThat(manifest(Optional.empty()).sdkVersion()).isEqualTo(Sdk.version());
  }

  @Test
  void namesTablesAndJobsInOrderWhateverTheOrderOfTheClasses() {
    Manifest manifest = manifest(Optional.empty());

    assertThat(manifest.jobs())
        .extracting(Manifest.Job::name)
        .containsExactly("delays", "extract-flights", "load-delays");
    assertThat(manifest.tables()).containsExactly(Flights.DELAYS, Flights.FLIGHTS);
  }

  @Test
  void refusesATableThatTwoJobsDeclareDifferently() {
    Map<String, JobSpec> specs = new LinkedHashMap<>();
    specs.put("Extract", Flights.EXTRACT);
    specs.put(
        "Other",
        JobSpec.extract("other")
            .read("flights", Source.csv("flights.csv"))
            .write(Flights.FLIGHTS.column("tailnum", "string"), Write.append())
            .build());

    assertThatExceptionOfType(SluiceException.class)
        .isThrownBy(() -> Manifest.of("flights", Optional.empty(), specs))
        .withMessage(
            "Cannot write the manifest: table flights.flights is declared twice, and not alike."
                + " Declare it once and let every job use that constant");
  }

  private static Manifest manifest(Optional<String> image) {
    Map<String, JobSpec> specs = new LinkedHashMap<>();
    specs.put("dev.sluice.jobs.LoadDelays", Flights.LOAD);
    specs.put("dev.sluice.jobs.ExtractFlights", Flights.EXTRACT);
    specs.put("dev.sluice.jobs.Delays", Flights.TRANSFORM);
    return Manifest.of("flights", image, specs);
  }
}
