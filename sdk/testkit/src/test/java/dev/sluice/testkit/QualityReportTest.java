package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.model.Json;
import dev.sluice.model.Receipt;
import dev.sluice.model.Receipt.Status;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a run leaves behind about the quality of its rows. */
@SluiceTest
class QualityReportTest {
  private static final Monthly JOB = new Monthly(Sample.ORDERS.checkedBy("orders_watched"));

  private JobHarness job;

  @BeforeEach
  void inbox(JobHarness harness) {
    job = harness.set("inbox", harness.folder().toString());
  }

  /** One bad order and so many good ones. */
  private Receipt run(int month, int orders) {
    Stream<String> good = IntStream.range(0, orders).mapToObj(id -> id + ",31337.25,eu");
    String[] lines =
        Stream.concat(Stream.of("id,amount,region", "900,-27182.75,us"), good)
            .toArray(String[]::new);
    return job.file("orders.csv", lines)
        .interval(String.format("2013-%02d-01/2013-%02d-01", month, month + 1))
        .run(JOB)
        .receipt();
  }

  @Test
  void thePageLiesWhereTheReceiptSays() throws Exception {
    Receipt receipt = run(1, 9);

    Receipt.Quality quality = receipt.quality().orElseThrow();
    String page = Files.readString(Path.of(URI.create(quality.pageUri().orElseThrow())));
    assertThat(page)
        .contains("shop.orders", "amount-is-positive", "amount-is-small", receipt.runId());
  }

  @Test
  void valuesOfSensitiveColumnsAreNowhere() throws Exception {
    Receipt receipt = run(1, 9);

    String page =
        Files.readString(
            Path.of(URI.create(receipt.quality().orElseThrow().pageUri().orElseThrow())));
    assertThat(receipt.full())
        .doesNotContain("27182.75")
        .doesNotContain("31337.25")
        .contains("***");
    assertThat(page).doesNotContain("27182.75").contains("***");
    JsonNode validation =
        Json.mapper().valueToTree(receipt.quality().orElseThrow().validation().orElseThrow());
    assertThat(validation.at("/results/0/result/unexpected_count").asInt()).isEqualTo(1);
  }

  @Test
  void aRunIsComparedWithThoseBeforeIt() {
    assertThat(run(1, 10).status()).isEqualTo(Status.COMMITTED);
    Receipt jumped = run(2, 30);

    assertThat(jumped.status()).isEqualTo(Status.REFUSED);
    assertThat(jumped.error().orElseThrow().message())
        .startsWith("Cannot publish shop.orders: orders-jump: row_count");
    assertThat(run(3, 12).status()).as("a refused run is no measure").isEqualTo(Status.COMMITTED);
  }

  @Test
  void noReportIsMadeWithoutASuite() {
    job.file("orders.csv", "id,amount,region", "1,2.5,eu");

    assertThat(job.run(Sample.job()).receipt().quality()).isEmpty();
  }
}
