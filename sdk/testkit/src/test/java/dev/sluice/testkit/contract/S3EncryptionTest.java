package dev.sluice.testkit.contract;

import static dev.sluice.testkit.SluiceAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.Table;
import dev.sluice.model.TableFormat;
import dev.sluice.model.Write;
import dev.sluice.testkit.JobHarness;
import dev.sluice.testkit.JobResult;
import dev.sluice.testkit.SluiceTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a lake on S3 is encrypted with, and that its pages are compared with their checksums. */
@SluiceTest
class S3EncryptionTest {
  private static final String ID = "0f3c2a6e-8f5b-4d0e-9c59-2f1b1a7f6d10";
  private static final String KEY = "arn:aws:kms:us-east-1:123456789012:key/" + ID;
  private static final String NOTE = "zebra-of-the-north";

  private JobHarness job;

  @BeforeEach
  void inbox(JobHarness harness) {
    job = harness.set("inbox", harness.folder().toString()).interval(FormatContract.interval(1));
  }

  private static Table orders(TableFormat format) {
    return Table.of(format, "shop.orders").column("id", "int").column("note", "string");
  }

  private JobResult written(Table table, Write write) {
    job.file("orders.csv", "id,note", "1," + NOTE, "2,other");
    return job.run(Orders.into(table, write));
  }

  @ParameterizedTest
  @EnumSource(names = {"ICEBERG", "PARQUET", "DELTA"})
  @EnabledIfEnvironmentVariable(named = TestBucket.AWS, matches = ".+")
  void allThatARunWritesIsEncryptedWithTheKey(TableFormat format) {
    Table orders = orders(format);
    try (TestBucket bucket = TestBucket.on(TestBucket.AWS)) {
      bucket.keep(job);
      job.set("lake.s3.kms-key", KEY).set("lake.delta.single-writer", "true");
      job.set("spark.event-log", "lake");

      JobResult result = written(orders, Write.replaceTable());

      assertThat(result.receipt().error()).isEmpty();
      List<String> keys = bucket.keys();
      assertThat(keys).anyMatch(key -> key.contains("/_sluice/events/"));
      assertThat(keys).anyMatch(key -> key.endsWith(".parquet"));
      assertThat(keys)
          .filteredOn(key -> !key.endsWith("/"))
          .allSatisfy(
              key -> {
                assertThat(bucket.head(key).serverSideEncryptionAsString()).isEqualTo("aws:kms");
                assertThat(bucket.head(key).ssekmsKeyId()).isEqualTo(KEY);
              });
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ICEBERG", "PARQUET", "DELTA"})
  @EnabledIfEnvironmentVariable(named = TestBucket.S3, matches = ".+")
  void whatS3HasNotEncryptedIsNotPublished(TableFormat format) {
    Table orders = orders(format);
    try (TestBucket bucket = TestBucket.on(TestBucket.S3)) {
      bucket.keep(job);
      job.set("lake.s3.kms-key", ID).set("lake.delta.single-writer", "true");

      JobResult result = written(orders, Write.replaceTable());

      assertThat(result)
          .failed()
          .of(ErrorKind.INFRA)
          .because("Cannot publish s3://")
          .because(
              ": S3 says that it is encrypted with nothing and key none, not with aws:kms and key "
                  + ID
                  + ". Check lake.s3.kms-key and the encryption of bucket ");
      assertThat(bucket.keys())
          .as("what was staged is gone")
          .noneMatch(key -> key.contains("shop/orders/") && key.endsWith(".parquet"));
    }
  }

  @Test
  @EnabledIfEnvironmentVariable(named = TestBucket.S3, matches = ".+")
  void aBitThatTurnedOverOnS3EndsTheRun() {
    Table orders = orders(TableFormat.ICEBERG);
    Table copies = Table.iceberg("shop.copies").column("id", "int").column("note", "string");
    try (TestBucket bucket = TestBucket.on(TestBucket.S3)) {
      bucket.keep(job);
      assertThat(written(orders, Write.replaceTable()).receipt().error()).isEmpty();
      String file =
          bucket.keys().stream()
              .filter(key -> key.contains("shop/orders/") && key.endsWith(".parquet"))
              .findFirst()
              .orElseThrow();
      byte[] bytes = bucket.get(file);
      bytes[new String(bytes, StandardCharsets.ISO_8859_1).indexOf(NOTE)] ^= 1;
      bucket.put(file, bytes);

      JobResult result = job.run(new Copies(orders, copies));

      assertThat(result)
          .refused()
          .of(ErrorKind.DATA)
          .exitCode(4)
          .because(file + ": it is corrupt or cut short (")
          .because("CRC checksum verification failed");
    }
  }

  @Test
  void anAliasIsNoKey() {
    job.set("lake.warehouse", "s3://none/lake").set("lake.s3.kms-key", "alias/lake");
    job.set("lake.catalog.uri", "jdbc:sqlite:" + job.folder().resolve("catalog.db"));

    JobResult result = written(orders(TableFormat.ICEBERG), Write.append());

    assertThat(result)
        .failed()
        .of(ErrorKind.CONFIG)
        .because("Cannot use lake.s3.kms-key: alias/lake is an alias, and S3 does not say");
  }
}
