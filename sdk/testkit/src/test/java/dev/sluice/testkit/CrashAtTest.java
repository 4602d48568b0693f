package dev.sluice.testkit;

import static dev.sluice.testkit.SluiceAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.Receipt.Status;
import dev.sluice.model.Table;
import dev.sluice.model.Write;
import dev.sluice.runtime.spi.FailPoint;
import dev.sluice.testkit.contract.Orders;
import org.junit.jupiter.api.Test;

/** What a user's test sees when its job is killed first. */
@SluiceTest
class CrashAtTest {
  private static final Table ORDERS =
      Table.iceberg("shop.orders").column("id", "int").column("amount", "double").key("id");

  /** A job as users write them. */
  static final class Upserts extends Orders {
    Upserts() {
      super(ORDERS, Write.upsert());
    }
  }

  @Test
  @CrashAt(FailPoint.AFTER_COMMIT)
  void theSecondRunFindsWhatTheKilledOneHasPublished(JobHarness job) {
    job.set("inbox", job.folder().toString()).interval("2024-01-01/2024-02-01");
    job.given(ORDERS, "id,amount", "1,1", "2,2");

    JobResult result = job.file("orders.csv", "id,amount", "2,5", "3,6").run(new Upserts());

    assertThat(result.receipt().status()).isEqualTo(Status.ALREADY_COMMITTED);
    assertThat(result).published("id,amount", "1,1", "2,5", "3,6");
  }

  @Test
  @CrashAt(FailPoint.BEFORE_COMMIT)
  void aJobThatNobodyElseCanMakeIsRefused(JobHarness job) {
    job.set("inbox", job.folder().toString()).interval("2024-01-01/2024-02-01");
    Orders made = Orders.into(ORDERS, Write.upsert());

    assertThatThrownBy(() -> job.file("orders.csv", "id,amount", "2,5").run(made))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(
            "Cannot crash job dev.sluice.testkit.contract.Orders: its class has no constructor"
                + " without parameters. Add one");
  }
}
