package dev.sluice.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Receipt.Status;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A container's termination message holds 4096 bytes; beyond that nobody could parse it. */
class ReceiptBriefTest {
  private static final SchemaFile SCHEMA = new SchemaFile("receipt.schema.json");

  static Stream<Arguments> longRanges() {
    return Stream.of(
        Arguments.of("a thousand parts", Receipts.thousandParts("Cannot publish")),
        Arguments.of("20 kB of message", Receipts.thousandParts("x".repeat(20_000))),
        Arguments.of("four-byte characters", Receipts.thousandParts("🛫".repeat(5_000))),
        Arguments.of(
            "characters that JSON escapes", Receipts.thousandParts("\u001b".repeat(20_000))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("longRanges")
  void aRangeOfManyPartsFitsAndIsCounted(String name, Receipt receipt) throws Exception {
    String brief = receipt.brief();

    assertThat(brief.getBytes(UTF_8)).hasSizeLessThanOrEqualTo(4096);
    assertThat(SCHEMA.violations(brief)).isEmpty();
    Receipt.Range read = Json.mapper().readValue(brief, Receipt.class).range().orElseThrow();
    assertThat(read.parts()).isEqualTo(1000);
    assertThat(read.failed()).isEqualTo(1000);
    assertThat(read.running()).isEqualTo(receipt.range().orElseThrow().running());
    assertThat(read.runs()).hasSizeBetween(1, 5);
    assertThat(read.runs().get(0).interval()).isEqualTo(Interval.parse("2013-01-01/2013-01-02"));
  }

  static Stream<Arguments> longReceipts() {
    return Stream.of(
        Arguments.of("20 kB of message", Receipts.refused(1, "x".repeat(20_000))),
        Arguments.of("50 failed expectations", Receipts.refused(50, "Cannot publish")),
        Arguments.of("both", Receipts.refused(50, "x".repeat(20_000))),
        Arguments.of("two-byte characters", Receipts.refused(50, "ü".repeat(10_000))),
        Arguments.of("three-byte characters", Receipts.refused(50, "飛".repeat(7_000))),
        Arguments.of("four-byte characters", Receipts.refused(50, "🛫".repeat(5_000))),
        Arguments.of("characters that JSON escapes", Receipts.refused(50, "\u001b".repeat(20_000))),
        Arguments.of("line breaks and quotes", Receipts.refused(50, "\"\n".repeat(10_000))),
        Arguments.of("odd surrogate pairs", Receipts.refused(50, "x" + "🛫".repeat(5_000))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("longReceipts")
  void fitsInto4096Bytes(String name, Receipt receipt) throws Exception {
    String brief = receipt.brief();

    assertThat(brief.getBytes(UTF_8)).hasSizeLessThanOrEqualTo(4096);
    assertThat(SCHEMA.violations(brief)).isEmpty();
    assertThat(brief).doesNotContain("\n");
    assertThat(UTF_8.newEncoder().canEncode(brief)).as("every character is whole").isTrue();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("longReceipts")
  void keepsWhatDecidesOverTheTask(String name, Receipt receipt) throws Exception {
    Receipt read = Json.mapper().readValue(receipt.brief(), Receipt.class);

    assertThat(read.status()).isEqualTo(Status.REFUSED);
    assertThat(read.exitCode()).contains(3);
    assertThat(read.runToken()).isEqualTo(receipt.runToken());
    assertThat(read.rows()).isEqualTo(receipt.rows());
    assertThat(read.quality().orElseThrow().unsuccessful())
        .isEqualTo(receipt.quality().orElseThrow().unsuccessful());
    assertThat(read.receiptUri()).isEqualTo(receipt.receiptUri());
    assertThat(receipt.error().orElseThrow().message())
        .startsWith(read.error().orElseThrow().message().replaceAll("…$", ""));
  }

  @Test
  void saysAllOfAnErrorThatFits() throws Exception {
    Receipt read = Json.mapper().readValue(Receipts.of(Status.FAILED).brief(), Receipt.class);

    assertThat(read.error()).isEqualTo(Receipts.of(Status.FAILED).error());
  }

  @Test
  void namesAtMostFiveFailedExpectations() throws Exception {
    Receipt read = Json.mapper().readValue(Receipts.refused(50, "no").brief(), Receipt.class);

    assertThat(read.quality().orElseThrow().failed()).hasSize(5);
  }

  @Test
  void leavesOutWhatOnlyTheLongFormTells() {
    assertThat(Receipts.of(Status.COMMITTED).brief())
        .doesNotContain("inputs", "resources", "settings", "validation", "phases_ms");
  }

  @Test
  void cutsTheStackBeforeTheMessage() throws Exception {
    Receipt read =
        Json.mapper().readValue(Receipts.refused(5, "x".repeat(2_000)).brief(), Receipt.class);

    assertThat(read.error().orElseThrow().message()).hasSize(2_000);
    assertThat(read.error().orElseThrow().stack()).hasSize(4);
  }
}
