package dev.sluice.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TableTest {
  private static final Table FLIGHTS =
      Table.iceberg("flights.departures")
          .describedAs("One row a departure")
          .column("year", "INT", "local year")
          .column("month", "int")
          .column("fare", "Decimal(10, 2)", "dollars")
          .key("year", "month")
          .partitionedBy("year")
          .checkedBy("departures");

  @Test
  void readsAsItWasDeclared() {
    assertThat(FLIGHTS.namespace()).isEqualTo("flights");
    assertThat(FLIGHTS.shortName()).isEqualTo("departures");
    assertThat(FLIGHTS.format()).isEqualTo(TableFormat.ICEBERG);
    assertThat(FLIGHTS.comment()).isEqualTo("One row a departure");
    assertThat(FLIGHTS.columns())
        .containsExactly(
            new Column("year", "int", "local year"),
            new Column("month", "int", ""),
            new Column("fare", "decimal(10,2)", "dollars"));
    assertThat(FLIGHTS.key()).containsExactly("year", "month");
    assertThat(FLIGHTS.partitions()).containsExactly("year");
    assertThat(FLIGHTS.suiteName()).contains("departures");
  }

  @Test
  void isChangedByNoneOfItsMethods() {
    Table bare = Table.parquet("a.b");

    assertThat(bare.column("x", "int").columnNames()).containsExactly("x");
    assertThat(bare).isEqualTo(Table.parquet("a.b"));
    assertThat(bare.suiteName()).isEmpty();
    assertThat(bare.format()).isEqualTo(TableFormat.PARQUET);
  }

  @Test
  void canBeReadAsAWholeOrByInterval() {
    assertThat(FLIGHTS.latest()).isEqualTo(new Source.TableRead(FLIGHTS, Optional.empty()));
    assertThat(FLIGHTS.latest().within("time").within()).contains("time");
  }

  static Stream<Arguments> mistakes() {
    Table table = Table.iceberg("flights.departures").column("year", "int").column("month", "int");
    String name =
        "Cannot declare table '%s': names have the form namespace.table in lower case. Rename it";
    String type =
        "Cannot declare column 'x': '%s' is not a column type. Use one of boolean, int, bigint,"
            + " double, decimal(p,s), string, date, timestamp, array<…>, map<…>, struct<…>";
    String column =
        "Cannot declare column '%s': names are not blank and do not begin with _sluice. Rename it";
    return Stream.of(
        mistake("name without a dot", () -> Table.iceberg("flights"), name, "flights"),
        mistake("name in upper case", () -> Table.iceberg("A.b"), name, "A.b"),
        mistake("name of three parts", () -> Table.iceberg("a.b.c"), name, "a.b.c"),
        mistake("name that could leave its folder", () -> Table.iceberg("../x"), name, "../x"),
        mistake(
            "tag twice",
            () -> table.tag("owner", "a").tag("owner", "b"),
            "Cannot declare table flights.departures: tag 'owner' stands twice. Remove one"),
        mistake(
            "tag without a value",
            () -> table.tag("owner", " "),
            "Cannot declare table flights.departures: 'owner' = ' ' is no tag. Its name is of a to"
                + " z, 0 to 9, _, . and -, and its value is not blank"),
        mistake(
            "column twice",
            () -> table.column("year", "bigint"),
            "Cannot declare table flights.departures: column 'year' stands twice. Remove one"),
        mistake(
            "unknown key column",
            () -> table.key("yaer"),
            "Cannot declare table flights.departures: its key names column 'yaer', which it does"
                + " not have. Did you mean 'year'? Known: year, month"),
        mistake(
            "unknown partition column",
            () -> table.partitionedBy("month", "day_of_week"),
            "Cannot declare table flights.departures: its partition names column 'day_of_week',"
                + " which it does not have. Known: year, month"),
        mistake("unknown type", () -> table.column("x", "integer"), type, "integer"),
        mistake("decimal without digits", () -> table.column("x", "decimal"), type, "decimal"),
        mistake("blank column", () -> table.column(" ", "int"), column, " "),
        mistake("our own columns", () -> table.column("_sluice_x", "int"), column, "_sluice_x"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void saysWhatIsWrongAndWhatToDo(String name, ThrowingCallable declaration, String message) {
    assertThatExceptionOfType(SluiceException.class)
        .isThrownBy(declaration)
        .withMessage(message)
        .satisfies(e -> assertThat(e.kind()).isEqualTo(ErrorKind.CONFIG));
  }

  @SuppressWarnings("AnnotateFormatMethod") // its annotation would be one more dependency
  private static Arguments mistake(
      String name, ThrowingCallable declaration, String message, Object... args) {
    return Arguments.of(name, declaration, String.format(message, args));
  }
}
