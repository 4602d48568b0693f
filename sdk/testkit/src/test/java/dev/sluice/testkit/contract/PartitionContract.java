package dev.sluice.testkit.contract;

import static dev.sluice.testkit.SluiceAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Capability;
import dev.sluice.model.Partition;
import dev.sluice.model.Receipt;
import dev.sluice.model.Table;
import dev.sluice.model.TableFormat;
import dev.sluice.model.Write;
import dev.sluice.testkit.JobResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What tables do that are split by what is made of a column. */
abstract class PartitionContract extends FormatContract {
  private static final String COLUMNS = "id,at,place";

  PartitionContract(TableFormat format) {
    super(format);
  }

  private Table visits(Partition partition) {
    return Table.of(format, "shop.visits")
        .column("id", "int")
        .column("at", "timestamp")
        .column("place", "string")
        .partitionedBy(partition);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "year(at)           | 3, 4, 5, 9    | 4",
        "month(at)          | 1, 3, 4, 5, 9 | 5",
        "day(at)            | 1, 3, 4, 5, 9 | 5",
        "hour(at)           | 1, 3, 4, 5, 9 | 5",
        "bucket(1, id)      | 9             | 1",
        "truncate(2, place) | 3, 4, 5, 9    | 4",
        "truncate(10, id)   | 9             | 1"
      })
  void onlyThePartitionOfTheRowsIsReplaced(String partition, String ids, int partitions)
      throws IOException {
    Table table = visits(Partition.parse(partition));
    JobResult first =
        run(
            1,
            into(table, Write.replacePartitions()),
            COLUMNS,
            "1,2024-02-29T23:59:59.999999Z,eu-1",
            "2,2024-03-01T00:00:00Z,eu-2",
            "3,1969-12-31T23:30:00Z,us-1",
            "4,1582-10-04T01:00:00Z,",
            "5,,\u00e9\u00e9");
    if (lacks(Capability.PARTITION_TRANSFORMS, "shop.visits", "partition " + partition, first)) {
      return;
    }
    assertThat(first).committed().published(5);
    assertThat(files("shop/visits")).as("one file for each partition").hasSize(partitions);

    JobResult second = run(2, into(table, Write.replacePartitions()), COLUMNS, row(partition));

    assertThat(second).committed();
    assertThat(second.rows())
        .extracting(row -> row.getInt(0))
        .containsExactlyInAnyOrder(
            Stream.of(ids.split(", ")).map(Integer::valueOf).toArray(Integer[]::new));
    assertThat(second.rows().get(0).schema().fieldNames()).containsExactly("id", "at", "place");
  }

  @Test
  void aRunSaysHowManyFilesItWroteAndWarnsOfSmallOnes() throws IOException {
    Table table = orders().partitionedBy("id");
    String[] lines = IntStream.range(0, 40).mapToObj(id -> id + ",1.5,eu").toArray(String[]::new);

    JobResult result = run(1, into(table, Write.replacePartitions()), HEADER, lines);

    assertThat(result).committed().published(40);
    List<Path> files = files("shop/orders");
    long bytes = 0;
    for (Path file : files) {
      bytes += Files.size(file);
    }
    assertThat(files).hasSize(40);
    Receipt.TargetFacts written = result.receipt().target().orElseThrow();
    assertThat(written.files()).contains(40L);
    assertThat(written.bytes()).contains(bytes);
    assertThat(result.receipt().warnings().orElseThrow())
        .singleElement()
        .asString()
        .startsWith("40 files of ");
  }

  /** A row beside the first or second of those that are there. */
  private static String row(String partition) {
    return switch (partition.replaceFirst("\\(.*", "")) {
      case "year" -> "9,2024-12-31T23:59:59Z,us-9";
      case "month" -> "9,2024-03-31T23:59:59Z,us-9";
      default -> "9,2024-03-01T00:59:59.999999Z,eu-9";
    };
  }

  private List<Path> files(String table) throws IOException {
    try (Stream<Path> all = Files.walk(job.folder().resolve("lake/" + table))) {
      return all.filter(Files::isRegularFile)
          .filter(file -> file.getFileName().toString().matches("[^.].*\\.(parquet|orc|avro)"))
          .filter(file -> !file.toString().contains("/metadata/"))
          .toList();
    }
  }
}
