package dev.sluice.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WriteTest {
  private static final Table TRIPS =
      Table.iceberg("lake.trips")
          .column("id", "int")
          .column("since", "timestamp")
          .column("until", "timestamp")
          .key("id");

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of(
            Table.iceberg("lake.trips").column("id", "int"),
            Write.upsert(),
            "Cannot write table lake.trips with upsert: rows are told apart by their key, and it"
                + " declares none. Add .key(…)"),
        Arguments.of(
            TRIPS,
            Write.upsert().latestBy("sinc"),
            "Cannot write table lake.trips with upsert: it has no column 'sinc'. Did you mean"
                + " 'since'? Known: id, since, until"),
        Arguments.of(
            TRIPS,
            Write.history("since", "untill"),
            "Cannot write table lake.trips with history: it has no column 'untill'. Did you mean"
                + " 'until'? Known: id, since, until"),
        Arguments.of(
            TRIPS.column("op", "string"),
            Write.applyChanges("op", "since"),
            "Cannot write table lake.trips with apply-changes: column 'op' says what happened to a"
                + " row, and is no value. Remove it from the table"),
        Arguments.of(
            TRIPS.key("id", "since"),
            Write.history("since", "until"),
            "Cannot write table lake.trips with history: column 'since' tells versions of one key"
                + " apart. Remove it from the key"));
  }

  @ParameterizedTest(name = "{2}")
  @MethodSource("refused")
  void aTableThatCannotTakeTheRowsIsRefused(Table table, Write write, String message) {
    JobSpec.Builder job = JobSpec.extract("job").read("a", Source.csv("a.csv"));

    assertThatExceptionOfType(SluiceException.class)
        .isThrownBy(() -> job.write(table, write).build())
        .withMessage(message)
        .satisfies(e -> assertThat(e.kind()).isEqualTo(ErrorKind.CONFIG));
  }

  @Test
  void onlyAnUpsertIsToldWhatIsLatest() {
    assertThatExceptionOfType(SluiceException.class)
        .isThrownBy(() -> Write.append().latestBy("since"))
        .withMessage(
            "Cannot declare append with latestBy: only an upsert can be told so. Leave it out");
  }

  @Test
  void rowsHaveTheChangeAndNotTheEnd() {
    assertThat(Write.applyChanges("op", "since").rowsOf(TRIPS).columnNames())
        .containsExactly("id", "since", "until", "op");
    assertThat(Write.history("since", "until").rowsOf(TRIPS).columnNames())
        .containsExactly("id", "since");
  }
}
