package dev.sluice.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Maintenance.StorageClass;
import dev.sluice.model.Receipt.MaintenanceStep;
import dev.sluice.model.Receipt.Range;
import dev.sluice.model.Receipt.Rows;
import dev.sluice.model.Receipt.Status;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReceiptTest {
  private static final SchemaFile SCHEMA = new SchemaFile("receipt.schema.json");

  @ParameterizedTest(name = "{0}")
  @EnumSource(Status.class)
  void theLongFormKeepsItsSchema(Status status) {
    assertThat(SCHEMA.violations(Receipts.of(status).full())).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(Status.class)
  void theShortFormKeepsItsSchema(Status status) {
    assertThat(SCHEMA.violations(Receipts.of(status).brief())).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(Status.class)
  void theLongFormIsReadBackAsItWas(Status status) throws Exception {
    Receipt receipt = Receipts.of(status);

    assertThat(Json.mapper().readValue(receipt.full(), Receipt.class)).isEqualTo(receipt);
  }

  @Test
  void theSchemaTellsAReceiptFromSomethingElse() {
    String receipt = Receipts.of(Status.COMMITTED).brief();

    assertThat(SCHEMA.violations(receipt.replace("\"run_key\"", "\"runkey\"")))
        .containsExactly("#: required key [run_key] not found");
    assertThat(SCHEMA.violations(receipt.replace("COMMITTED", "DONE")))
        .containsExactly("#/status: DONE is not a valid enum value");
    assertThat(SCHEMA.violations(receipt.replace("\"1.0\"", "\"2.0\"")))
        .containsExactly("#/receipt_version: string [2.0] does not match pattern ^1\\.[0-9]+$");
    assertThat(SCHEMA.violations(receipt.replace("\"exit_code\":0", "\"exit_code\":1")))
        .containsExactly("#/exit_code: 1 is not a valid enum value");
  }

  @Test
  void aReaderToleratesKeysThatItDoesNotKnow() throws Exception {
    String receipt = Receipts.of(Status.COMMITTED).full();
    String newer = receipt.replaceFirst("\\{", "{\"weather\":\"fine\",");

    assertThat(SCHEMA.violations(newer)).isEmpty();
    assertThat(Json.mapper().readValue(newer, Receipt.class))
        .isEqualTo(Receipts.of(Status.COMMITTED));
  }

  @Test
  void whatMaintenanceHasDoneIsReadBackAsItWas() throws Exception {
    MaintenanceStep step = MaintenanceStep.rewritten(Maintenance.compact(), 12, 48_120, 2, 9_377);
    MaintenanceStep tier =
        MaintenanceStep.rewritten(
            Maintenance.tier(Duration.ofDays(30), "day", StorageClass.GLACIER_IR), 0, 0, 1, 2);
    MaintenanceStep beside = step.of(Table.iceberg("shop.orders_metrics"));
    String steps = "{\"maintenance\":" + Json.line(List.of(step, tier, beside)) + ",";
    String receipt = Receipts.of(Status.COMMITTED).brief().replaceFirst("\\{", steps);

    assertThat(SCHEMA.violations(receipt)).isEmpty();
    assertThat(Json.mapper().readValue(receipt, Receipt.class).maintenance())
        .contains(List.of(step, tier, beside));
    assertThat(SCHEMA.violations(receipt.replace("\"tier\"", "\"polish\"")))
        .containsExactly("#/maintenance/1/step: polish is not a valid enum value");
  }

  @Test
  void whatRegisteringHasChangedIsReadBackAsItWas() throws Exception {
    String lines = "{\"registered\":[\"add column note string (readers go on)\"],";
    String receipt = Receipts.of(Status.COMMITTED).brief().replaceFirst("\\{", lines);

    assertThat(SCHEMA.violations(receipt)).isEmpty();
    assertThat(Json.mapper().readValue(receipt, Receipt.class).registered())
        .contains(List.of("add column note string (readers go on)"));
    assertThat(SCHEMA.violations(receipt.replace("[\"add", "[1, \"add")))
        .containsExactly("#/registered/0: expected type: String, found: Integer");
  }

  @Test
  void theLongFormIsTheGoldenOne() {
    Golden.assertSame("receipt-full.json", Receipts.of(Status.REFUSED).full());
  }

  @Test
  void theShortFormIsTheGoldenOne() {
    Golden.assertSame("receipt-brief.json", Receipts.of(Status.REFUSED).brief() + "\n");
  }

  @Test
  void theLongFormOfARangeIsTheGoldenOne() throws Exception {
    Receipt range = Receipts.range();

    Golden.assertSame("receipt-range-full.json", range.full());
    assertThat(SCHEMA.violations(range.full())).isEmpty();
    assertThat(Json.mapper().readValue(range.full(), Receipt.class)).isEqualTo(range);
  }

  @Test
  void theShortFormOfARangeTellsOfTheFirstPartsThatHaveFailed() {
    Golden.assertSame("receipt-range-brief.json", Receipts.range().brief() + "\n");
    assertThat(SCHEMA.violations(Receipts.range().brief())).isEmpty();
  }

  @Test
  void aRangeIsPublishedOnceAllItsPartsAre() {
    Range all = new Range("day", 3, 1, 2, 0, 0, Optional.empty(), List.of());
    Range some = new Range("day", 3, 1, 1, 0, 1, Optional.empty(), List.of());

    assertThat(all.isPublished()).isTrue();
    assertThat(some.isPublished()).isFalse();
  }

  @Test
  void rowsBalanceOnlyWhereEveryRowIsAccountedFor() {
    assertThat(new Rows(10, 7, 2, 1).balanced()).isTrue();
    assertThat(new Rows(10, 7, 2, 0).balanced()).isFalse();
    assertThat(new Rows(10, 8, 2, 1).balanced()).isFalse();
  }
}
