package dev.sluice.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Partition;
import dev.sluice.model.Table;
import org.junit.jupiter.api.Test;

class JavaTextTest {

  @Test
  void aTableOfFiles() {
    Table table =
        Table.orc("shop.orders")
            .describedAs("All that was \"bought\"")
            .column("id", "bigint", "a \\ or a\nline")
            .column("region", "string")
            .column("day", "date")
            .key("id")
            .partitionedBy("region", "day");

    assertThat(JavaText.of(table))
        .isEqualTo(
            """
            static final Table ORDERS =
                Table.orc("shop.orders")
                    .describedAs("All that was \\"bought\\"")
                    .column("id", "bigint", "a \\\\ or a\\nline")
                    .column("region", "string")
                    .column("day", "date")
                    .key("id")
                    .partitionedBy("region", "day");\
            """);
  }

  @Test
  void partitionsThatAreMade() {
    Table table =
        Table.iceberg("shop.order_lines")
            .column("id", "bigint")
            .column("at", "timestamp")
            .partitionedBy(Partition.bucket(16, "id"), Partition.day("at"), Partition.value("id"));

    assertThat(JavaText.of(table))
        .endsWith(
            ".partitionedBy(Partition.bucket(16, \"id\"), Partition.day(\"at\"),"
                + " Partition.value(\"id\"));");
  }
}
