package dev.sluice.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.model.JobSpec.Grain;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobSpecTest {
  private static final Source CSV = Source.csv("flights.csv");
  private static final Sink SINK = Sink.jdbc("jdbc:sqlite:x", "delays");

  @Test
  void hasUsualValuesForWhatIsNotSaid() {
    JobSpec spec = Flights.EXTRACT;

    assertThat(spec.kind()).isEqualTo(JobKind.EXTRACT);
    assertThat(spec.resources()).isEqualTo(new Resources("2Gi", "1"));
    assertThat(spec.perInterval()).isFalse();
    assertThat(spec.grain()).isEqualTo(Grain.KEPT);
    assertThat(spec.suite()).isEmpty();
    assertThat(spec.table()).contains(Flights.FLIGHTS);
    assertThat(spec.target().name()).isEqualTo("flights.flights");
  }

  @Test
  void keepsWhatIsSaid() {
    JobSpec spec = Flights.TRANSFORM;

    assertThat(spec.reads())
        .extracting(JobSpec.Read::name)
        .as("in the order of the declaration: the first read's rows are accounted for")
        .containsExactly("flights", "airlines");
    assertThat(spec.resources()).isEqualTo(new Resources("4Gi", "500m"));
    assertThat(spec.perInterval()).isTrue();
    assertThat(spec.grain()).isEqualTo(Grain.CHANGED);
    assertThat(spec.write()).isEqualTo(Write.replacePartitions());
  }

  @Test
  void aSinkIsNoTable() {
    assertThat(Flights.LOAD.table()).isEmpty();
    assertThat(Flights.LOAD.target().name()).isEqualTo("delays");
  }

  @Test
  void takesTheSuiteOfItsTable() {
    assertThat(Flights.TRANSFORM.suite()).contains("delays");
  }

  @Test
  void mayNameAnotherSuiteBeforeOrAfterTheTable() {
    JobSpec.Builder before = JobSpec.extract("job").read("a", CSV).suite("stricter");
    JobSpec.Builder after = JobSpec.extract("job").read("a", CSV);

    assertThat(before.write(Flights.DELAYS, Write.append()).build().suite()).contains("stricter");
    assertThat(after.write(Flights.DELAYS, Write.append()).suite("stricter").build().suite())
        .contains("stricter");
  }

  static Stream<Arguments> incomplete() {
    return Stream.of(
        Arguments.of(
            JobSpec.transform("job").write(Flights.DELAYS, Write.append()),
            "it reads nothing. Add .read(name, source)"),
        Arguments.of(
            JobSpec.transform("job").read("a", CSV), "it writes nothing. Add .write(target, how)"),
        Arguments.of(
            JobSpec.extract("job")
                .read("a", CSV)
                .read("b", CSV)
                .write(Flights.DELAYS, Write.append()),
            "an extract reads one thing. Use JobSpec.transform"),
        Arguments.of(
            JobSpec.load("job").read("a", CSV).read("b", CSV).write(SINK, Write.append()),
            "a load reads one thing. Use JobSpec.transform"),
        Arguments.of(
            JobSpec.transform("job").read("a", CSV).write(SINK, Write.append()),
            "a load writes a sink, an extract or transform a table. Write the other"),
        Arguments.of(
            JobSpec.load("job").read("a", CSV).write(Flights.DELAYS, Write.append()),
            "a load writes a sink, an extract or transform a table. Write the other"),
        Arguments.of(
            JobSpec.transform("job")
                .read("a", CSV)
                .read("a", CSV)
                .write(Flights.DELAYS, Write.append()),
            "two reads have the same name. Rename one"));
  }

  @Test
  void aSinkThatMergesHasAKey() {
    JobSpec.Builder load = JobSpec.load("job").read("a", CSV);
    assertThatExceptionOfType(SluiceException.class)
        .isThrownBy(load.write(SINK, Write.upsert())::build)
        .withMessage(
            "Cannot write sink delays with upsert: rows are told apart by their key, and it declares"
                + " none. Add .key(…)");
    Sink keyed = Sink.jdbc("jdbc:sqlite:x", "delays").key("id", "seq");
    assertThatExceptionOfType(SluiceException.class)
        .isThrownBy(load.write(keyed, Write.upsert().latestBy("seq"))::build)
        .withMessage(
            "Cannot write sink delays with upsert: column 'seq' tells versions of one key apart."
                + " Remove it from the key");
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("incomplete")
  void saysWhatIsMissing(JobSpec.Builder builder, String rest) {
    assertThatExceptionOfType(SluiceException.class)
        .isThrownBy(builder::build)
        .withMessage("Cannot declare job job: " + rest)
        .satisfies(e -> assertThat(e.kind()).isEqualTo(ErrorKind.CONFIG));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"", "Clean", "clean_trips", "clean--trips", "-clean", "1st", "a/b"})
  void namesAreLowerCaseWordsWithHyphens(String name) {
    assertThatExceptionOfType(SluiceException.class)
        .isThrownBy(() -> JobSpec.extract(name))
        .withMessage(
            "Cannot declare job '%s': names are lower case words with hyphens. Rename it", name);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"", "2 GB", "2gb", "many", "-1"})
  void resourcesAreQuantities(String quantity) {
    String message = "Cannot declare resources: '%s' is not a quantity. Write it like 2Gi or 500m";

    assertThatExceptionOfType(SluiceException.class)
        .isThrownBy(() -> new Resources(quantity, "1"))
        .withMessage(message, quantity);
    assertThatExceptionOfType(SluiceException.class)
        .isThrownBy(() -> new Resources("2Gi", quantity))
        .withMessage(message, quantity);
  }
}
