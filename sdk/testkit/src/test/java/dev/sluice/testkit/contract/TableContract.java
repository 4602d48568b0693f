package dev.sluice.testkit.contract;

import static dev.sluice.testkit.SluiceAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Capability;
import dev.sluice.model.ExitCode;
import dev.sluice.model.Interval;
import dev.sluice.model.RunKey;
import dev.sluice.model.Table;
import dev.sluice.model.TableFormat;
import dev.sluice.model.Write;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.engine.Planner;
import dev.sluice.runtime.lake.Lake;
import dev.sluice.runtime.lake.Schemas;
import dev.sluice.runtime.route.NoStaging;
import dev.sluice.runtime.route.Route;
import dev.sluice.runtime.route.RowLayout;
import dev.sluice.runtime.spi.Staging;
import dev.sluice.runtime.spi.Target;
import dev.sluice.testkit.JobResult;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What every table of a lake promises, whatever its format. */
abstract class TableContract extends PublishContract {
  private static final int ROWS = 60;

  TableContract(TableFormat format) {
    super(format);
  }

  @Test
  void rowsComeBackAsTheyWere() {
    List<Value> values = Stream.concat(Value.ALL.stream(), Stream.of(Value.REGION)).toList();
    Table table = Value.declare(Table.of(format, "shop.orders"), values).partitionedBy("region");
    Orders into = Orders.making(table, rows -> Value.make(rows, values));

    JobResult result = run(1, into, "id", ids(ROWS).toArray(String[]::new));

    assertThat(result).committed().published(ROWS);
    List<Row> found = result.rows();
    assertThat(found.get(0).schema().fields())
        .extracting(field -> field.name() + " " + field.dataType().simpleString())
        .isEqualTo(table.columns().stream().map(c -> c.name() + " " + c.type()).toList());
    assertThat(told(found)).isEqualTo(told(expected(ROWS, values)));
  }

  /** The same values without a table between. */
  private List<Row> expected(int rows, List<Value> values) {
    try (Lake lake = lake()) {
      Dataset<Row> ids = lake.spark().range(rows).selectExpr("CAST(id AS INT) AS id");
      return Value.make(ids, values).collectAsList();
    }
  }

  private static Stream<String> ids(int rows) {
    return IntStream.range(0, rows).mapToObj(Integer::toString);
  }

  private static List<String> told(List<Row> rows) {
    return rows.stream()
        .sorted(Comparator.comparingInt(row -> row.getInt(row.fieldIndex("id"))))
        .map(Value::told)
        .toList();
  }

  @Test
  void aRunReadsAgainWhatAnEarlierOneHasRead() {
    Orders into = Orders.into(orders(), Write.replaceTable());
    Copies copies = new Copies(orders(), orders("shop.copies"));
    run(1, into, HEADER, "1,1.5,eu");
    JobResult first = job.run(copies);
    assertThat(first).committed().published(HEADER, "1,1.5,eu");
    run(2, into, HEADER, "2,2.5,us");

    JobResult again = job.interval(interval(3)).inputsOf(first).run(copies);

    String kept = format.can(Capability.SNAPSHOTS) ? "1,1.5,eu" : "2,2.5,us";
    assertThat(again).committed().published(HEADER, kept);
    assertThat(again.receipt().inputs()).isEqualTo(first.receipt().inputs());
  }

  @Test
  void aTableWithoutPartitionsIsReplacedAsAWhole() {
    Orders into = Orders.into(orders().partitionedBy(), Write.replaceTable());
    assertThat(run(1, into, HEADER)).committed().publishedNothing();
    assertThat(run(2, into, HEADER, "1,1.5,eu", "2,2.5,")).committed().published(2);

    abandoned(orders().partitionedBy(), Write.replaceTable());
    JobResult result = run(3, into, HEADER, "3,3.5,us");

    assertThat(result).committed().published(HEADER, "3,3.5,us");
    assertThat(run(2, into, HEADER)).alreadyCommitted().published(HEADER, "3,3.5,us");
    assertThat(run(4, into, HEADER)).committed().publishedNothing();
  }

  @Test
  void badRowsLeaveWithTheirReasons() {
    Orders into = Orders.into(orders().checkedBy("orders_parted"), Write.replacePartitions());

    JobResult result =
        run(1, into, HEADER, "1,1,eu", "1,2,us", "2,-3,eu", "3,4,", "4,5,eu", "5,6,us");

    assertThat(result).committed().published(HEADER, "3,4.0,", "4,5.0,eu", "5,6.0,us");
    assertThat(result.quarantine())
        .extracting(row -> row.getInt(0) + " " + JobResult.reasons(row))
        .containsExactlyInAnyOrder(
            "1 [order-comes-once]", "1 [order-comes-once]", "2 [amount-is-positive]");
  }

  @Test
  void aNewColumnIsAdded() {
    Orders before = Orders.into(orders(), Write.replacePartitions());
    String location;
    try (Lake lake = lake()) {
      location = lake.location(orders());
    }
    assertThat(changes(before)).containsExactly("create table shop.orders at " + location);
    run(1, before, HEADER, "1,1.5,eu");
    assertThat(changes(before)).isEmpty();

    Orders after =
        Orders.into(
            Table.of(format, "shop.orders")
                .column("id", "int")
                .column("note", "string", "what the customer said")
                .column("amount", "double")
                .column("region", "string")
                .partitionedBy("region"),
            Write.replacePartitions());
    assertThat(changes(after)).containsExactly("add column note string (readers go on)");
    JobResult result = run(2, after, "id,note,amount,region", "2,soon,2.5,us");

    assertThat(result).committed().published("id,note,region", "1,,eu", "2,soon,us");
    assertThat(changes(after)).isEmpty();
  }

  @Test
  void anotherTypeIsRefused() {
    run(1, Orders.into(orders(), Write.replacePartitions()), HEADER, "1,1.5,eu");
    Table changed =
        Table.of(format, "shop.orders")
            .column("id", "string")
            .column("amount", "double")
            .column("region", "string")
            .partitionedBy("region");

    JobResult result = run(2, Orders.into(changed, Write.replacePartitions()), HEADER, "x,1,eu");

    assertThat(result.receipt().error().orElseThrow().message())
        .isEqualTo(
            "Cannot register table shop.orders: column 'id' is int in the catalog and string in"
                + " the declaration. Declare int again, or write to a new table");
    assertThat(result.rows(orders())).hasSize(1);
  }

  @Test
  void aRunThatDiedBeforeItsCommitIsNotSeen() {
    Orders into = Orders.into(orders(), Write.replacePartitions());
    JobResult first = run(1, into, HEADER, "1,1.5,eu", "2,2.5,us");
    Set<String> left = left();

    abandoned(orders(), Write.replacePartitions());

    assertThat(left()).hasSize(left.size() + 1).containsAll(left);
    assertThat(first).published(HEADER, "1,1.5,eu", "2,2.5,us");
    assertThat(run(2, into, HEADER, "9,9.5,eu"))
        .committed()
        .published(HEADER, "2,2.5,us", "9,9.5,eu");
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(
      names = {"SMALL_INTEGERS", "MAPS_BY_ANY_KEY", "ANY_COLUMN_NAME", "ANY_PARTITION_TYPE"})
  void aDemandingColumnIsKeptOrRefused(Capability capability) {
    Value value = Value.DEMANDING.get(capability);
    boolean partition = capability == Capability.ANY_PARTITION_TYPE;
    Table bare = Value.declare(Table.of(format, "shop.orders"), List.of(value));
    boolean odd = capability == Capability.ANY_COLUMN_NAME;
    Table checked = odd ? bare.checkedBy("odd_name") : bare; // reads the column back
    Table table = partition ? checked.partitionedBy(value.column()) : checked;
    Orders into = Orders.making(table, rows -> Value.make(rows, List.of(value)));

    String[] ids = Stream.concat(ids(40), Stream.of("unreadable")).toArray(String[]::new);
    JobResult result = run(1, into, "id", ids);
    String told = String.format("column '%s' %s", value.column(), value.type());
    if (lacks(capability, partition ? "partition " + told : told, result)) {
      return;
    }
    assertThat(result).committed().published(40).quarantined(1);
    assertThat(run(2, into, "id", ids)).committed().quarantined(2);
    assertThat(told(result.rows())).isEqualTo(told(expected(40, List.of(value))));
  }

  @ParameterizedTest(name = "{1} {0}")
  @CsvSource({
    "date, 1582-10-05",
    "date, 1582-10-14",
    "timestamp, 1582-10-05T00:00:00Z",
    "timestamp, 1969-12-31T23:59:59.001Z",
    "array<timestamp>, 1969-12-31T23:59:59.999999Z"
  })
  void anInstantIsKeptOrRefused(String type, String text) {
    String literal = type.startsWith("array") ? "array('" + text + "')" : "'" + text + "'";
    List<Value> values = List.of(Value.of("at", type, literal));
    Table table = Value.declare(Table.of(format, "shop.orders"), values);

    JobResult result =
        run(1, Orders.making(table, rows -> Value.make(rows, values)), "id", "0", "1");

    if (format.can(Capability.EVERY_INSTANT)) {
      assertThat(result).committed();
      assertThat(told(result.rows())).isEqualTo(told(expected(2, values)));
    } else {
      assertThat(result.receipt().exitCode()).contains(ExitCode.BAD_INPUT.value());
      assertThat(result.receipt().error().orElseThrow().message())
          .isEqualTo(
              "Cannot write to file://"
                  + job.folder()
                  + "/lake/shop/orders: column 'at' holds what an ORC file would change, a day of"
                  + " 1582-10-05 to 14 or a part of the last second of 1969. Correct the row, or"
                  + " use another format: iceberg, delta, parquet, avro");
    }
  }

  private Lake lake() {
    return Lake.open(Map.of("lake.warehouse", job.folder().resolve("lake").toUri().toString()));
  }

  private List<String> changes(Job orders) {
    return Planner.plan(request(1, orders), orders).register();
  }

  /** What a run leaves that has staged its rows and was killed. */
  private void abandoned(Table table, Write write) {
    try (Lake lake = lake()) {
      RunKey key =
          new RunKey("load-orders", table.name(), Optional.of(Interval.parse(interval(2))));
      StructType schema = Schemas.spark(table.columns());
      Target target = lake.target(table, write);
      target.prepare();
      Staging staging = target.stage(key, "killed", schema);
      Dataset<Row> rows =
          lake.spark()
              .range(1)
              .selectExpr(
                  "9 AS id",
                  "9.5D AS amount",
                  "'eu' AS region",
                  "CAST(NULL AS STRING) AS " + RowLayout.RAW,
                  "CAST(NULL AS STRING) AS " + RowLayout.SOURCE_FILE,
                  "CAST(NULL AS BIGINT) AS " + RowLayout.SOURCE_POSITION);
      Route.stage(rows, RowLayout.unchecked(schema), staging, new NoStaging(), key.toString());
    }
  }

  @Override
  Set<String> left() {
    return files();
  }
}
