package dev.sluice.connect.glue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a registration asks of Glue beside the entry. */
class GlueUpkeepTest {
  private static final Table TABLE =
      Table.parquet("shop.orders")
          .column("id", "bigint")
          .column("year", "int")
          .column("day", "int")
          .partitionedBy("year", "day");

  private final FakeGlue glue = new FakeGlue();

  private GlueUpkeep indexing() {
    return new GlueUpkeep(glue, true, 0);
  }

  /** The entry with as many versions. */
  private void versions(int count) {
    glue.createTable(r -> r.tableInput(t -> t.name("orders")));
    for (int i = 1; i < count; i++) {
      glue.updateTable(r -> r.tableInput(t -> t.name("orders")));
    }
  }

  private void indexed(String name, String... keys) {
    glue.createPartitionIndex(r -> r.partitionIndex(i -> i.indexName(name).keys(keys)));
  }

  @Test
  void partitionsGetOneIndex() {
    versions(1);

    assertThat(indexing().tend(TABLE, false)).containsExactly("index the partitions by year, day");
    assertThat(indexing().tend(TABLE, false)).isEmpty();

    assertThat(glue.calls).containsExactly("index year,day");
  }

  @Test
  void aPlanMakesNone() {
    assertThat(indexing().tend(TABLE, true)).containsExactly("index the partitions by year, day");

    assertThat(glue.calls).isEmpty();
  }

  @Test
  void anIndexOfAnotherIsGoodEnough() {
    versions(1);
    indexed("theirs", "year", "day");
    glue.calls.clear();

    assertThat(indexing().tend(TABLE, false)).isEmpty();
    assertThat(glue.calls).isEmpty();
  }

  @Test
  void oneThatIsMadeMeanwhileIsAllThatWasWanted() {
    versions(1);
    indexed("sluice", "day");

    assertThat(indexing().tend(TABLE, false)).containsExactly("index the partitions by year, day");
  }

  @Test
  void aFourthIndexIsRefused() {
    versions(1);
    List.of("a", "b", "c").forEach(name -> indexed(name, "day"));

    assertThatThrownBy(() -> indexing().tend(TABLE, false))
        .isInstanceOf(SluiceException.class)
        .hasMessage(
            "Cannot index the partitions of shop.orders in Glue: it has 3 indexes, and a table can"
                + " have no more. Delete one, or set lake.glue.partition-index to false");
  }

  @Test
  void whatHasNoPartitionsInGlueHasNoIndex() {
    versions(1);
    List.of(Table.iceberg("shop.orders"), Table.delta("shop.orders"), Table.orc("shop.orders"))
        .forEach(table -> assertThat(indexing().tend(table, false)).isEmpty());
    assertThat(new GlueUpkeep(glue, false, 0).tend(TABLE, false)).isEmpty();
  }

  @Test
  void theOldestVersionsGo() {
    versions(12);

    assertThat(new GlueUpkeep(glue, false, 3).tend(TABLE, true))
        .containsExactly("delete 8 old versions of the entry");
    assertThat(glue.versions).hasSize(12);

    new GlueUpkeep(glue, false, 3).tend(TABLE, false);
    assertThat(glue.versions).containsExactly("8", "9", "10", "11");
    assertThat(new GlueUpkeep(glue, false, 3).tend(TABLE, false)).isEmpty();
  }

  @Test
  void aHundredVersionsGoAtOnce() {
    versions(250);

    new GlueUpkeep(glue, false, 0).tend(Table.iceberg("shop.orders"), false);

    assertThat(glue.versions)
        .containsExactlyElementsOf(IntStream.range(100, 250).mapToObj(Integer::toString).toList());
  }

  @Test
  void fewerVersionsThanNoneAreRefused() {
    assertThatThrownBy(() -> new GlueUpkeep(glue, false, -1))
        .hasMessage(
            "Cannot use -1 as lake.glue.versions: it is less than 0. Give the number of older"
                + " versions that are to stay");
  }
}
