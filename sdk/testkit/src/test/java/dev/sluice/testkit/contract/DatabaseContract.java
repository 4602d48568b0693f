package dev.sluice.testkit.contract;

import static dev.sluice.testkit.SluiceAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Capability;
import dev.sluice.model.Table;
import dev.sluice.model.TableFormat;
import dev.sluice.model.Write;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.engine.Planner;
import dev.sluice.runtime.spi.FailPoint;
import dev.sluice.runtime.spi.FailPoint.Action;
import dev.sluice.testkit.JobResult;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every database promises beside. */
abstract class DatabaseContract extends PublishContract {
  TestDatabase database;

  DatabaseContract() {
    super(TableFormat.ICEBERG); // of declarations alone: no table of the lake is written
  }

  abstract TestDatabase open();

  /** The names of all tables of the database. */
  abstract List<String> tables();

  @Override
  Set<String> left() {
    assertThat(tables()).containsExactlyInAnyOrder("orders", "sluice_ledger");
    return Set.copyOf(tables());
  }

  @Override
  boolean can(Capability capability) {
    return Databases.can(capability);
  }

  /** A sink has no quarantine. */
  @Override
  String strictSuite() {
    return "positive_or_nothing";
  }

  @BeforeEach
  void database() {
    database = open();
    job.set("jdbc-url", database.url());
  }

  @AfterEach
  void gone() {
    database.close();
  }

  @Override
  Map<String, String> settings() {
    return Databases.settings(super.settings(), database);
  }

  @Override
  Job into(Table table, Write write) {
    return new OrdersLoad(table, write);
  }

  private List<String> changes(Job orders) {
    return Planner.plan(request(1, orders), orders).register();
  }

  @Test
  void valuesComeBackAsTheyWere() {
    Table table =
        Table.of(format, "shop.orders")
            .column("id", "int")
            .column("flag", "boolean")
            .column("whole", "bigint")
            .column("fraction", "double")
            .column("price", "decimal(9,2)")
            .column("text", "string")
            .column("day", "date")
            .column("moment", "timestamp")
            .column("wall_clock", "timestamp_ntz");
    String header = "id,flag,whole,fraction,price,text,day,moment,wall_clock";
    String[] rows = {
      "1,true,-9223372036854775808,1.0E-300,-9999999.99,\u00e9\uD83D\uDE00,0001-01-01,"
          + "0001-01-01T00:00:00Z,0001-01-01T00:00",
      "2,false,9223372036854775807,-0.5,0.01,it's,1582-10-15,"
          + "1969-12-31T23:59:59.999999Z,2024-03-31T02:30",
      "3,,,,,,9999-12-31,9999-12-31T23:59:59.999999Z,",
      "4,,,,,,,,"
    };

    assertThat(run(1, into(table, Write.append()), header, rows))
        .committed()
        .published(header, rows);
  }

  @Test
  void aNewColumnIsAddedAndAnotherTypeRefused() {
    Job before = into(orders(), Write.append());
    assertThat(changes(before))
        .singleElement()
        .asString()
        .startsWith("create table orders in " + database.url().replaceFirst("[?].*", ""));
    run(1, before, HEADER, "1,1.5,eu");
    assertThat(changes(before)).isEmpty();

    Job after = into(orders().column("note \"x\"", "string"), Write.append());
    assertThat(changes(after)).containsExactly("add column note \"x\"");
    JobResult added = run(2, after, HEADER + ",\"note \"\"x\"\"\"", "2,2.5,us,soon");
    assertThat(added).committed().published(HEADER, "1,1.5,eu", "2,2.5,us");
    assertThat(database.ask("SELECT \"note \"\"x\"\"\" FROM orders WHERE id = 2"))
        .containsExactly("soon");

    Table changed =
        Table.of(format, "shop.orders")
            .column("id", "string")
            .column("amount", "double")
            .column("region", "string");
    JobResult refused = run(3, into(changed, Write.append()), HEADER, "x,1,eu");
    assertThat(refused.receipt().error().orElseThrow().message())
        .matches(
            "Cannot load orders: column 'id' is (INTEGER|int4) in the database and string in the job\\."
                + " Make it a number in the job, or load another table");
    assertThat(refused.rows()).hasSize(2);
  }

  @Test
  void whatADeadRunLeftGoesWhenItsWorkIsPublished() {
    Job replaces = new Databases.Replaces();
    run(1, replaces, HEADER, "1,1.5,eu");
    delivered(2, HEADER, "2,2.5,us");
    job.start(replaces, FailPoint.STAGED, Action.HALT).exitCode();
    assertThat(tables()).hasSize(3);

    run(3, replaces, HEADER, "3,3.5,asia");
    assertThat(tables()).as("of other work: nobody knows whether it still runs").hasSize(3);

    assertThat(run(2, replaces, HEADER, "2,2.5,us")).committed();
    assertThat(tables()).containsExactlyInAnyOrder("orders", "sluice_ledger");
  }

  @Test
  void aColumnThatTheJobDoesNotMakeIsRefused() {
    Table table = orders().partitionedBy().key("id");
    JobResult result = run(1, into(table, Write.upsert().latestBy("seq")), HEADER, "1,1.5,eu");

    assertThat(result.receipt().error().orElseThrow().message())
        .isEqualTo(
            "Cannot load orders with upsert: the job makes no column 'seq'. Known: id, amount,"
                + " region");
  }

  @Test
  void columnsThatTheJobDoesNotKnowAreLeftAlone() {
    Job into = into(orders().key("id"), Write.upsert());
    run(1, into, HEADER, "1,1.5,eu");
    database.execute("ALTER TABLE orders ADD COLUMN seen TEXT");
    database.execute("UPDATE orders SET seen = 'yes'");

    assertThat(run(2, into, HEADER, "1,2.5,eu", "2,2.5,eu")).committed();

    assertThat(database.ask("SELECT seen FROM orders ORDER BY id")).containsExactly("yes", null);
  }
}
