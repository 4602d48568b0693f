package dev.sluice.testkit.contract;

import static dev.sluice.testkit.SluiceAssertions.assertThat;
import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Capability;
import dev.sluice.model.ColumnChange;
import dev.sluice.model.Evolution;
import dev.sluice.model.Evolution.Policy;
import dev.sluice.model.Receipt;
import dev.sluice.model.Table;
import dev.sluice.model.TableFormat;
import dev.sluice.model.Write;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.engine.Planner;
import dev.sluice.testkit.JobResult;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What every table does where its declaration and its columns differ. */
abstract class EvolutionContract extends FormatContract {
  private static final String COLUMNS = "id,pieces,region";

  EvolutionContract(TableFormat format) {
    super(format);
  }

  /** A table of orders in two regions, a month old. */
  @BeforeEach
  void aTableIsThere() {
    assertThat(run(1, into(before()), COLUMNS, "1,10,eu", "2,20,us")).committed();
  }

  private Table before() {
    return declared("pieces", "int");
  }

  private Table declared(String column, String type) {
    return Table.of(format, "shop.orders")
        .column("id", "int")
        .column(column, type)
        .column("region", "string")
        .partitionedBy("region");
  }

  private Job into(Table table) {
    return into(table, Write.replacePartitions());
  }

  private List<String> changes(Table table) {
    Job job = into(table);
    return Planner.plan(request(1, job), job).register();
  }

  private static void contract(JobResult result, String message) {
    assertThat(result.receipt().error().orElseThrow().message()).isEqualTo(message);
  }

  @Test
  void whatIsForbiddenIsRefused() {
    Table more = before().column("note", "string").evolving(Evolution.forbid());

    contract(
        run(2, into(more), COLUMNS + ",note", "3,30,eu,soon"),
        "Cannot register table shop.orders: column 'note' is declared and not in the catalog, and"
            + " its evolution refuses to add it. Remove it, say on .evolving(…) what is to be done"
            + " on add");
    Table fewer =
        Table.of(format, "shop.orders")
            .column("id", "int")
            .column("region", "string")
            .partitionedBy("region")
            .evolving(Evolution.forbid());
    contract(
        run(2, into(fewer), "id,region", "3,eu"),
        "Cannot register table shop.orders: column 'pieces' is in the catalog and not declared, and"
            + " its evolution refuses to leave it out. Declare it, say on .evolving(…) what is to"
            + " be done on drop");
  }

  @Test
  void aColumnThatIsNotDeclaredStaysOrIsDropped() {
    Table fewer =
        Table.of(format, "shop.orders")
            .column("id", "int")
            .column("region", "string")
            .partitionedBy("region");
    assertThat(changes(fewer)).isEmpty();
    assertThat(run(2, into(fewer), "id,region", "3,eu")).committed();
    assertThat(run(3, into(before()), COLUMNS, "4,40,asia"))
        .published(COLUMNS, "2,20,us", "3,,eu", "4,40,asia");

    Table dropping = fewer.evolving(Evolution.replacing());
    JobResult result = run(4, into(dropping), "id,region", "5,eu");

    if (lacks(Capability.CHANGE_COLUMNS, "drop of column 'pieces'", result)) {
      return;
    }
    assertThat(result).committed().published("id,region", "2,us", "4,asia", "5,eu");
    assertThat(result.rows().get(0).schema().fieldNames()).containsExactly("id", "region");
  }

  @Test
  void aRenamedColumnKeepsItsValues() {
    Table renamed =
        declared("quantity", "int").evolving(Evolution.forbid().rename("pieces", "quantity"));

    JobResult result = run(2, into(renamed), "id,quantity,region", "3,30,eu");

    if (lacks(Capability.CHANGE_COLUMNS, "rename of column 'quantity'", result)) {
      return;
    }
    assertThat(result).committed().published("id,quantity,region", "2,20,us", "3,30,eu");
    assertThat(changes(renamed)).isEmpty();
  }

  @Test
  @Tag("one-format")
  void aPlanSaysWhatReadersLose() {
    Table fewer =
        Table.of(format, "shop.orders")
            .column("id", "int")
            .column("region", "string")
            .partitionedBy("region")
            .evolving(Evolution.replacing());
    assertThat(lost(2, into(before().column("note", "string")))).isEmpty();
    if (format.can(Capability.CHANGE_COLUMNS)) {
      assertThat(lost(2, into(fewer)))
          .containsExactly("drop column pieces int (breaks readers of the column)");
    }
    Job anew = into(before(), Write.replaceTable());
    assertThat(lost(2, anew)).containsExactly("replace all rows of shop.orders");
    assertThat(lost(1, anew)).as("this work is done").isEmpty();
    assertThat(lost(2, into(wide(), Write.replaceTable()))).as("a new table").isEmpty();
  }

  private List<String> lost(int month, Job job) {
    return Planner.plan(request(month, job), job).destructive();
  }

  @Test
  void aTypeIsWidened() {
    contract(
        run(2, into(declared("pieces", "bigint")), COLUMNS, "3,30,eu"),
        "Cannot register table shop.orders: column 'pieces' is int in the catalog and bigint in the"
            + " declaration. Declare int again, say on .evolving(…) what is to be done on widen, or"
            + " write to a new table");
    Table wider = declared("pieces", "bigint").evolving(Evolution.widening());

    JobResult result = run(2, into(wider), COLUMNS, "3,3000000000,eu");

    if (lacks(Capability.CHANGE_COLUMNS, "widen of column 'pieces'", result)) {
      return;
    }
    assertThat(result).committed().published(COLUMNS, "2,20,us", "3,3000000000,eu");
    assertThat(changes(wider)).isEmpty();
  }

  @Test
  void rowsThatDoNotFitGoToQuarantine() {
    Table wider =
        declared("pieces", "bigint")
            .column("note", "string")
            .evolving(
                Evolution.additive()
                    .on(ColumnChange.WIDEN, Policy.QUARANTINE_ROWS)
                    .on(ColumnChange.ADD, Policy.QUARANTINE_ROWS))
            .checkedBy("half_may_leave");
    assertThat(changes(wider)).isEmpty();

    JobResult result =
        run(
            2,
            into(wider),
            COLUMNS + ",note",
            "3,3000000000,eu,",
            "4,40,eu,soon",
            "5,-2147483648,eu,",
            "6,,asia,");

    assertThat(result)
        .committed()
        .published(COLUMNS, "2,20,us", "5,-2147483648,eu", "6,,asia")
        .quarantined(2);
    assertThat(result.quarantine())
        .extracting(row -> row.getInt(0) + " " + row.get(1) + " " + JobResult.reasons(row))
        .containsExactlyInAnyOrder(
            "3 3000000000 [pieces_fits_the_table]", "4 40 [note_fits_the_table]");
    assertThat(result.rows(before()).get(0).schema().apply("pieces").dataType().simpleString())
        .isEqualTo("int");
  }

  @Test
  void aNarrowerDeclarationWritesWhatIsThere() {
    String[] both = {"1,3000000000,eu", ",5,eu"};
    assertThat(run(2, into(wide().checkedBy("half_may_leave")), COLUMNS, both))
        .committed()
        .quarantined(1);
    contract(
        run(3, into(narrow()), COLUMNS, "2,20,us"),
        "Cannot register table shop.wide: column 'pieces' is bigint in the catalog and int in the"
            + " declaration. Declare bigint again, say on .evolving(…) what is to be done on"
            + " narrow, or write to a new table");

    Table kept =
        narrow()
            .checkedBy("half_may_leave")
            .evolving(Evolution.additive().on(ColumnChange.NARROW, Policy.KEEP));
    JobResult result = run(3, into(kept), COLUMNS, "2,20,us", ",30,us");

    assertThat(result).committed().published(COLUMNS, "1,3000000000,eu", "2,20,us");
    assertThat(result.quarantine())
        .extracting(row -> row.get(1) + " " + JobResult.reasons(row))
        .contains("30 [id_known]");
  }

  private Table wide() {
    return Table.of(format, "shop.wide")
        .column("id", "int")
        .column("pieces", "bigint")
        .column("region", "string")
        .partitionedBy("region");
  }

  private Table narrow() {
    return Table.of(format, "shop.wide")
        .column("id", "int")
        .column("pieces", "int")
        .column("region", "string")
        .partitionedBy("region");
  }

  @Test
  void columnsAreReordered() {
    Table other =
        Table.of(format, "shop.orders")
            .column("pieces", "int")
            .column("id", "int")
            .column("region", "string")
            .partitionedBy("region");
    assertThat(changes(other)).isEmpty();
    Table reordered = other.evolving(Evolution.additive().on(ColumnChange.REORDER, Policy.ALLOW));

    JobResult result = run(2, into(reordered), COLUMNS, "3,30,eu");

    if (lacks(Capability.CHANGE_COLUMNS, "reorder of column ''", result)) {
      return;
    }
    assertThat(result).committed().published(COLUMNS, "2,20,us", "3,30,eu");
    assertThat(result.rows().get(0).schema().fieldNames())
        .containsExactly("pieces", "id", "region");
  }

  @Test
  void fieldsInsideAColumnAreAdded() {
    Table small = places("struct<x:int>");
    Table large = places("struct<x:bigint,y:string>").evolving(Evolution.widening());
    assertThat(run(2, at(small, "named_struct('x', id)"), "id", "1")).committed();

    JobResult result =
        run(3, at(large, "named_struct('x', 3000000000L + id, 'y', 'b')"), "id", "2");

    if (lacks(Capability.CHANGE_COLUMNS, "shop.orders_at", "nested of column 'at'", result)) {
      return;
    }
    assertThat(result).committed();
    assertThat(result.rows())
        .extracting(row -> row.getStruct(row.fieldIndex("at")).mkString("/"))
        .containsExactlyInAnyOrder("1/null", "3000000002/b");
  }

  @Test
  void registrationIsPlannedAndDone() {
    Table more =
        Table.of(format, "shop.orders")
            .column("id", "int", "number of the order")
            .column("pieces", "int")
            .column("region", "string")
            .column("note", "string", "what the customer said")
            .partitionedBy("region");
    Job orders = into(more);
    List<String> added = List.of("add column note string (readers go on)");

    List<String> planned = job.planRegistration(orders);
    Receipt done = job.register(orders);

    assertThat(planned).containsAll(added);
    assertThat(done.status()).isEqualTo(Receipt.Status.COMMITTED);
    assertThat(done.registered()).contains(planned);
    assertThat(done.runKey()).startsWith("register.load-orders");
    assertThat(planned.contains("say of column id: number of the order"))
        .as("a catalog of files does not tell comments")
        .isEqualTo(format.can(Capability.SNAPSHOTS));
    assertThat(job.planRegistration(orders)).isEmpty();
    Receipt again = job.register(orders);
    assertThat(again.status()).isEqualTo(Receipt.Status.ALREADY_COMMITTED);
    assertThat(again.registered()).contains(List.of());
  }

  @Test
  void tagsAreToldToTheCatalog() {
    Job tagged = into(before().tag("owner", "shop").tag("tier", "gold"));
    assertThat(job.planRegistration(tagged))
        .contains("set sluice.tag.owner to shop", "set sluice.tag.tier to gold");
    job.register(tagged);
    assertThat(job.planRegistration(tagged)).isEmpty();

    Job other = into(before().tag("owner", "sales"));
    assertThat(job.register(other).registered().orElseThrow())
        .containsExactly("set sluice.tag.owner to sales", "remove sluice.tag.tier");
    assertThat(job.planRegistration(other)).isEmpty();
    assertThat(run(2, other, COLUMNS, "3,30,eu")).committed();
    assertThat(job.planRegistration(other)).as("a run keeps them").isEmpty();
  }

  private Table places(String type) {
    return Table.of(format, "shop.orders_at")
        .column("id", "int")
        .column("at", type)
        .partitionedBy("id");
  }

  private static Job at(Table table, String value) {
    return Orders.making(table, rows -> rows.withColumn("at", expr(value)));
  }
}
