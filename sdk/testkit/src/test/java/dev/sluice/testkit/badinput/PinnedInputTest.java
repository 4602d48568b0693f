package dev.sluice.testkit.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.Receipt;
import dev.sluice.model.Source;
import dev.sluice.runtime.lake.Lake;
import dev.sluice.testkit.JobHarness;
import dev.sluice.testkit.JobResult;
import dev.sluice.testkit.SluiceTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files are read as they were when the run pinned them, or nothing of them is published. */
@SluiceTest
class PinnedInputTest {
  private static final String HEADER = "id,amount,region";

  private JobHarness job;
  private Path inbox;

  /** Something that may fail as files do. */
  private interface Change {
    void make() throws IOException;
  }

  @BeforeEach
  void inbox(JobHarness harness) throws IOException {
    job = harness.set("inbox", harness.folder().toString()).set("day", "inbox");
    inbox = Files.createDirectory(harness.folder().resolve("inbox"));
    Files.writeString(inbox.resolve("a.csv"), HEADER + "\n1,2.5,eu\n");
    Files.writeString(inbox.resolve("b.csv"), HEADER + "\n2,3.5,us\n");
  }

  @Test
  void theReceiptSaysWhatWasRead() {
    Receipt receipt = run(Source.csv("${inbox}/${day}/*.csv"), () -> {}).receipt();

    assertThat(receipt.error()).isEmpty();
    assertThat(receipt.inputs().orElseThrow().get(0).files().orElseThrow())
        .extracting(Receipt.PinnedFile::uri, Receipt.PinnedFile::bytes)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("file:" + inbox + "/a.csv", 26L),
            org.assertj.core.groups.Tuple.tuple("file:" + inbox + "/b.csv", 26L));
  }

  @Test
  void aFileThatWasAppendedToEndsTheRun() {
    JobResult result =
        run(
            Source.csv("${inbox}/${day}/*.csv"),
            () ->
                Files.writeString(inbox.resolve("b.csv"), "3,4.5,eu\n", StandardOpenOption.APPEND));
    ends(result, "/b.csv has changed from 26 to 35 bytes");
  }

  @Test
  void aFileThatWasReplacedEndsTheRun() {
    JobResult result =
        run(
            Source.csv("${inbox}/${day}/*.csv"),
            () -> {
              Path file = inbox.resolve("a.csv");
              FileTime before = Files.getLastModifiedTime(file);
              Files.writeString(file, HEADER + "\n9,9.5,us\n");
              Files.setLastModifiedTime(
                  file, FileTime.from(before.toInstant().plus(Duration.ofSeconds(1))));
            });
    ends(result, "/a.csv was replaced");
  }

  @Test
  void aFileThatWasRemovedEndsTheRun() {
    JobResult result =
        run(Source.csv("${inbox}/${day}/*.csv"), () -> Files.delete(inbox.resolve("a.csv")));
    ends(result, "/a.csv was removed");
  }

  @Test
  void aRunOnEarlierInputsReadsTheSameFilesOrNone() throws IOException {
    Source.Files source = Source.csv("${inbox}/${day}/*.csv");
    JobResult first = run(source, () -> {});
    Files.writeString(inbox.resolve("c.csv"), HEADER + "\n3,4.5,eu\n");
    job.inputsOf(first).set("lake.warehouse", inbox.resolveSibling("second").toUri().toString());

    JobResult again = run(source, () -> {});

    assertThat(again.receipt().error()).isEmpty();
    assertThat(again.receipt().inputs()).isEqualTo(first.receipt().inputs());

    Files.delete(inbox.resolve("a.csv"));
    job.set("lake.warehouse", inbox.resolveSibling("third").toUri().toString());
    assertThat(run(source, () -> {}).receipt().error().orElseThrow().message())
        .isEqualTo(
            "Cannot read orders as an earlier run did: file:"
                + inbox
                + "/a.csv was removed since then. Put it back, or run without --inputs");
  }

  @Test
  void aFileThatArrivesMeanwhileBelongsToTheNextRun() {
    JobResult result =
        run(
            Source.csv("${inbox}/${day}/*.csv"),
            () -> Files.writeString(inbox.resolve("c.csv"), HEADER + "\n3,4.5,eu\n"));

    assertThat(result.receipt().error()).isEmpty();
    assertThat(result.rows()).extracting(row -> row.getInt(0)).containsExactlyInAnyOrder(1, 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "orc", "json"})
  void soForOtherKinds(String kind) {
    write(kind);
    Source.Files source =
        switch (kind) {
          case "parquet" -> Source.parquet("${inbox}/${day}/" + kind);
          case "orc" -> Source.orc("${inbox}/${day}/" + kind);
          default -> Source.json("${inbox}/${day}/" + kind);
        };
    JobResult whole = run(source, () -> {});
    assertThat(whole.receipt().error()).isEmpty();
    assertThat(whole.rows())
        .extracting(row -> row.getInt(0) + " " + row.getDouble(1) + " " + row.getString(2))
        .containsExactlyInAnyOrder("1 2.5 eu", "2 3.5 us");
    assertThat(whole.receipt().rows()).contains(new Receipt.Rows(2, 2, 0, 0));
  }

  @Test
  void aParquetFileThatWasReplacedByAShorterOneEndsTheRun() {
    write("parquet");
    JobResult result =
        run(
            Source.parquet("${inbox}/${day}/parquet"),
            () -> {
              try (var files = Files.list(inbox.resolve("parquet"))) {
                for (Path file : files.toList()) {
                  if (file.toString().endsWith(".parquet")) {
                    Files.writeString(file, "PAR1");
                  } else {
                    Files.delete(file);
                  }
                }
              }
            });
    assertThat(result.receipt().error().orElseThrow().message())
        .startsWith("Cannot publish what was read of orders: file:" + inbox + "/parquet/part-")
        .endsWith(
            " to 4 bytes while it was read. Nothing was published; run again when nobody writes"
                + " there");
    assertThat(result.receipt().exitCode()).contains(75);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../other", "..", "a/../../b", "a\\..\\b"})
  void aSettingDoesNotLeadUpwards(String day) {
    refused(day, "it leads upwards", day);
  }

  @ParameterizedTest
  @ValueSource(strings = {"..%2F..%2Fetc", "%2e%2E", "a%00", "%252e"})
  void aSettingDoesNotDoSoInDisguise(String day) {
    String found = day.replaceFirst("(?i)^.*?(%(2e|2f|00|25)).*$", "$1");
    refused(day, "it holds " + found, day);
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3://other/x", "/etc", "http://10.0.0.1/x"})
  void aSettingDoesNotBeginAnAddressWithinAnother(String day) {
    refused(day, "it begins an address of its own", day);
  }

  @Test
  void onlyKnownStorageIsRead() {
    job.set("inbox", "http://10.0.0.1").set("day", "x");
    Receipt receipt = run(Source.csv("${inbox}/${day}/*.csv"), () -> {}).receipt();
    assertThat(receipt.error().orElseThrow().message())
        .isEqualTo(
            "Cannot read http://10.0.0.1/x/*.csv: only file: and s3: are known, not http:. Copy the"
                + " files there first");
    assertThat(receipt.exitCode()).contains(2);
  }

  private void refused(String day, String reason, String shown) {
    job.set("day", day);
    Receipt receipt = run(Source.csv("${inbox}/${day}/*.csv"), () -> {}).receipt();
    assertThat(receipt.error().orElseThrow().message())
        .isEqualTo(
            "Cannot fill '${inbox}/${day}/*.csv' with day = '%s': %s. Give the plain name, or an"
                    .formatted(shown, reason)
                + " absolute path where the address begins");
    assertThat(receipt.exitCode()).contains(2);
  }

  private JobResult run(Source.Files source, Change meanwhile) {
    return job.run(
        new Reading(
            source,
            () -> {
              try {
                meanwhile.make();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            }));
  }

  private void ends(JobResult result, String change) {
    Receipt.Failure error = result.receipt().error().orElseThrow();
    assertThat(error.message())
        .isEqualTo(
            "Cannot publish what was read of orders: file:%s%s while it was read. Nothing was"
                    .formatted(inbox, change)
                + " published; run again when nobody writes there");
    assertThat(error.kind()).isEqualTo(ErrorKind.SOURCE);
    assertThat(result.receipt().exitCode()).contains(75);
    assertThat(result.quarantine()).isEmpty();
    assertThat(result.rows()).isEmpty();
  }

  /** The same two orders in another kind of file. */
  private void write(String kind) {
    Map<String, String> settings =
        Map.of(
            "spark.cores", "1", "lake.warehouse", job.folder().resolve("made").toUri().toString());
    try (Lake lake = Lake.open(settings)) {
      lake.spark()
          .sql("SELECT * FROM VALUES (1, 2.5D, 'eu'), (2, 3.5D, 'us') AS t(id, amount, region)")
          .write()
          .format(kind)
          .save(inbox.resolve(kind).toUri().toString());
    }
  }
}
