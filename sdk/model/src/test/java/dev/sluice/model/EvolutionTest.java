package dev.sluice.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.Evolution.Policy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvolutionTest {
  private static final Table ORDERS =
      Table.iceberg("shop.orders").column("id", "int").column("pieces", "int");

  @Test
  void columnsAreAddedWhereNothingIsSaid() {
    assertThat(ORDERS.evolves()).isEqualTo(Evolution.additive());
    assertThat(ORDERS.evolves().policy(ColumnChange.WIDEN)).isEqualTo(Policy.REFUSE);
  }

  @Test
  void oneKindIsSaidAfterTheOthers() {
    Evolution evolution = Evolution.forbid().on(ColumnChange.ADD, Policy.QUARANTINE_ROWS);

    assertThat(evolution.policy(ColumnChange.ADD)).isEqualTo(Policy.QUARANTINE_ROWS);
    assertThat(evolution.policy(ColumnChange.DROP)).isEqualTo(Policy.REFUSE);
    assertThat(Evolution.forbid().policy(ColumnChange.ADD)).isEqualTo(Policy.REFUSE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ADD | KEEP | Cannot declare keep on add: values of the rows would be lost. Use one of allow,"
            + " quarantine-rows, refuse",
        "NARROW | ALLOW | Cannot declare allow on narrow: values of the table would be lost. Use one"
            + " of keep, refuse",
        "DROP | QUARANTINE_ROWS | Cannot declare quarantine-rows on drop: every row fits the table"
            + " as it is, or none does. Use one of allow, keep, refuse",
        "RENAME | ALLOW | Cannot declare allow on rename: a rename is known only where it is"
            + " declared. Use .rename(old, new)"
      })
  void whatCannotBeDoneIsRefused(ColumnChange change, Policy policy, String message) {
    assertThatThrownBy(() -> Evolution.additive().on(change, policy))
        .isInstanceOf(SluiceException.class)
        .hasMessage(message);
  }

  @Test
  void aRenameNamesAColumnThatIsDeclaredAndOneThatIsNot() {
    assertThatThrownBy(() -> ORDERS.evolving(Evolution.additive().rename("count", "piece")))
        .hasMessage(
            "Cannot declare table shop.orders: its rename names column 'piece', which it does not"
                + " have. Did you mean 'pieces'? Known: id, pieces");
    assertThatThrownBy(() -> ORDERS.evolving(Evolution.additive().rename("id", "pieces")))
        .hasMessage(
            "Cannot declare table shop.orders: column 'id' is renamed to 'pieces' and still"
                + " declared. Remove one of both");
  }

  @Test
  void theManifestTellsIt() {
    Table table =
        ORDERS.evolving(
            Evolution.forbid()
                .on(ColumnChange.WIDEN, Policy.QUARANTINE_ROWS)
                .rename("count", "pieces"));

    String json = Json.line(table);

    assertThat(json).contains("\"widen\":\"quarantine-rows\"").contains("{\"count\":\"pieces\"}");
    assertThat(Json.line(ORDERS)).doesNotContain("evolution");
  }
}
