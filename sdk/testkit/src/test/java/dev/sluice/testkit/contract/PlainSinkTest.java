package dev.sluice.testkit.contract;

import static dev.sluice.testkit.SluiceAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.Table;
import dev.sluice.model.Write;
import dev.sluice.testkit.JobHarness;
import dev.sluice.testkit.JobResult;
import dev.sluice.testkit.SluiceTest;
import org.junit.jupiter.api.Test;

/** Rows go to a database with TLS, or to a host that is named. */
@SluiceTest
class PlainSinkTest {
  private static final String ADDRESS = "jdbc:postgresql://db.invalid/sales";

  @Test
  void aDatabaseWithoutTlsIsRefusedUnlessItIsNamed(JobHarness job) {
    Table orders = Table.iceberg("shop.orders").column("id", "int");
    OrdersLoad load = new OrdersLoad(orders, Write.append());
    job.set("inbox", job.folder().toString()).interval(FormatContract.interval(1));

    assertThat(job.set("jdbc-url", ADDRESS).run(load))
        .failed()
        .of(ErrorKind.CONFIG)
        .exitCode(2)
        .because(
            "Cannot use sink orders: it reaches db.invalid without TLS. Ask for TLS in its address,"
                + " as sslmode=verify-full does, or name that host in security.plaintext where"
                + " nobody else listens");

    JobResult tls = job.set("jdbc-url", ADDRESS + "?sslmode=verify-full").run(load);
    assertThat(tls.receipt().exitCode()).as("it is not reached").contains(75);
    job.set("jdbc-url", ADDRESS).set("security.plaintext", "db.invalid");
    assertThat(job.run(load).receipt().exitCode()).as("it is not reached").contains(75);
  }
}
