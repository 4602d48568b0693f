package dev.sluice.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.model.Maintenance;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileChoresTest {
  private static final Table TABLE =
      Table.parquet("shop.orders").column("id", "int").column("region", "string");

  /** The REST catalog stands for those that have no transactions over partitions. */
  @Test
  void partitionsAreCompactedOnlyWhereTheCatalogComparesThem(@TempDir Path folder) {
    Map<String, String> settings =
        Map.of(
            "lake.warehouse",
            folder.toUri().toString(),
            "lake.catalog",
            "rest",
            "lake.rest.uri",
            "http://localhost:1");
    try (Lake lake = Lake.open(settings)) {
      assertThatExceptionOfType(SluiceException.class)
          .isThrownBy(() -> lake.chore(TABLE.partitionedBy("region"), Maintenance.compact()))
          .withMessage(
              "Cannot maintain shop.orders with compact: catalog rest cannot compare a partition"
                  + " with what it was when it switches it, and the rows of a run could be lost."
                  + " Declare an Iceberg table, or leave compact out of its maintenance");
      assertThat(lake.chore(TABLE, Maintenance.compact())).isInstanceOf(FileCompaction.class);
    }
  }
}
