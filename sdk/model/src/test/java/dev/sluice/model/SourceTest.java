package dev.sluice.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a job reads, as it is declared and as the manifest shows it. */
class SourceTest {

  static List<Source.Files> files() {
    return List.of(
        Source.csv("${raw}/x"),
        Source.json("${raw}/x"),
        Source.parquet("${raw}/x"),
        Source.orc("${raw}/x"),
        Source.avro("${raw}/x"));
  }

  @ParameterizedTest
  @MethodSource("files")
  void theManifestNamesTheKindOfFile(Source.Files source) {
    JobSpec spec =
        JobSpec.extract("load").read("rows", source).write(Flights.FLIGHTS, Write.append()).build();
    TreeMap<String, JobSpec> specs = new TreeMap<>();
    specs.put("Load", spec);

    Manifest manifest = Manifest.of("flights", Optional.empty(), specs);

    assertThat(manifest.jobs().get(0).reads().get(0).source())
        .contains(new Manifest.Endpoint(source.kind(), Optional.empty(), "${raw}/x"));
  }

  @Test
  void columnsThatCannotBeToldApartAreRefused() {
    assertThatExceptionOfType(SluiceException.class)
        .isThrownBy(() -> Source.json("x").column("id", "int").column("ID", "int"))
        .withMessage(
            "Cannot declare what a source has: columns 'id' and 'ID' cannot be told apart. Remove"
                + " one");
    assertThatExceptionOfType(SluiceException.class)
        .isThrownBy(() -> Table.iceberg("a.b").column("id", "int").column("Id", "int"))
        .withMessage(
            "Cannot declare table a.b: columns 'id' and 'Id' cannot be told apart by catalogs."
                + " Rename one");
  }

  @ParameterizedTest
  @CsvSource({
    "id, ID",
    "i, \u0130",
    "i, \u0131",
    "\u00e9, e\u0301",
    "stra\u00dfe, STRASSE",
    "x, \uff38"
  })
  void namesAreComparedAsSomebodyMightCompareThem(String one, String other) {
    assertThat(ColumnNames.collisions(List.of(one, "between", other)))
        .contains("'" + one + "' and '" + other + "'");
  }

  @Test
  void otherNamesAreApart() {
    assertThat(ColumnNames.collisions(List.of("id", "i_d", "e", "\u00e9"))).isEmpty();
  }
}
