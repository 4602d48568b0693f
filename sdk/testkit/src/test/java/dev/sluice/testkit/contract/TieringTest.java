package dev.sluice.testkit.contract;

import static dev.sluice.testkit.SluiceAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Maintenance;
import dev.sluice.model.Maintenance.StorageClass;
import dev.sluice.model.Receipt;
import dev.sluice.model.Receipt.MaintenanceStep;
import dev.sluice.model.Receipt.Status;
import dev.sluice.model.Table;
import dev.sluice.model.TableFormat;
import dev.sluice.model.Write;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.engine.Jobs.Written;
import dev.sluice.runtime.engine.MaintenanceRun;
import dev.sluice.testkit.JobResult;
import dev.sluice.testkit.SluiceTest;
import java.net.URI;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** Files in another class of storage, on an emulator of S3 that remembers an object's class. */
@SluiceTest
class TieringTest extends FormatContract {
  private static final Duration MONTH = Duration.ofDays(30);

  TieringTest() {
    super(TableFormat.ICEBERG);
  }

  private static Table days(TableFormat format) {
    return Table.of(format, "shop.days")
        .column("id", "int")
        .column("day", "date")
        .partitionedBy("day")
        .maintenance(Maintenance.tier(MONTH, "day", StorageClass.STANDARD_IA));
  }

  @ParameterizedTest
  @EnumSource(names = {"ICEBERG", "DELTA", "PARQUET"})
  @EnabledIfEnvironmentVariable(named = TestCatalog.GLUE_ENDPOINT, matches = ".+")
  void filesOfOldDaysLieInAnotherClassAndAreRead(TableFormat of) {
    String bucket = "lake-" + UUID.randomUUID();
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    String old = "day=" + today.minusDays(31);
    try (S3Client s3 = client()) {
      s3.createBucket(request -> request.bucket(bucket));
      lakeIn(bucket);
      Job days = into(days(of), Write.replacePartitions());
      JobResult result =
          run(1, days, "id,day", "1," + today.minusDays(31), "2," + today.minusDays(29), "3,");

      List<MaintenanceStep> plan = MaintenanceRun.plan(job.maintenance(days), Written.of(days));
      assertThat(classes(s3, bucket)).doesNotContainValue("STANDARD_IA");
      Receipt receipt = job.maintain(days);

      assertThat(receipt.error()).isEmpty();
      MaintenanceStep step = receipt.maintenance().orElseThrow().get(0);
      assertThat(step.filesWritten()).isEqualTo(1);
      assertThat(step.bytesWritten()).isPositive();
      assertThat(plan).contains(step);
      Map<String, String> classes = classes(s3, bucket);
      assertThat(classes).containsValue("STANDARD_IA");
      classes.forEach(
          (key, lies) ->
              assertThat(lies)
                  .as(key)
                  .isEqualTo(
                      key.contains("/shop/days/") && key.contains(old) && key.endsWith(".parquet")
                          ? "STANDARD_IA"
                          : "STANDARD"));
      assertThat(result.rows()).extracting(row -> row.getInt(0)).containsExactlyInAnyOrder(1, 2, 3);
      assertThat(job.maintain(days).status()).isEqualTo(Status.ALREADY_COMMITTED);
    }
  }

  private void lakeIn(String bucket) {
    String endpoint = System.getenv(TestCatalog.GLUE_ENDPOINT);
    job.set("lake.warehouse", "s3://" + bucket + "/lake")
        .set("lake.catalog.uri", "jdbc:sqlite:" + job.folder().resolve("catalog.db"))
        .set("lake.s3.endpoint", endpoint)
        .set("lake.s3.path-style", "true")
        .set("lake.delta.single-writer", "true");
  }

  private static S3Client client() {
    return S3Client.builder()
        .region(Region.US_EAST_1)
        .endpointOverride(URI.create(System.getenv(TestCatalog.GLUE_ENDPOINT)))
        .forcePathStyle(true)
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .build();
  }

  private static Map<String, String> classes(S3Client s3, String bucket) {
    Map<String, String> classes = new TreeMap<>();
    s3.listObjectsV2Paginator(request -> request.bucket(bucket))
        .contents()
        .forEach(object -> classes.put("/" + object.key(), object.storageClassAsString()));
    return classes;
  }

  @Test
  void aLakeThatIsNotOnS3HasNoClasses() {
    Receipt receipt = job.maintain(into(days(TableFormat.ICEBERG), Write.append()));

    assertThat(receipt.error().orElseThrow().message())
        .matches(
            "Cannot maintain shop.days with tier: the lake is at file:.*, and only S3 has classes"
                + " of storage. Leave tier out of its maintenance");
  }
}
