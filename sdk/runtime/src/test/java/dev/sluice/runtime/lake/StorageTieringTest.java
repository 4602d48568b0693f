package dev.sluice.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Maintenance;
import dev.sluice.model.Maintenance.StorageClass;
import dev.sluice.model.Receipt.MaintenanceStep;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** On an emulator of S3 that remembers an object's class. */
@EnabledIfEnvironmentVariable(named = "SLUICE_TEST_GLUE", matches = ".+")
class StorageTieringTest {
  private static final String ENDPOINT = System.getenv("SLUICE_TEST_GLUE");
  private static final long PART = 5 << 20; // S3 takes no smaller one
  private static final String KEY = "lake/shop/days/day=a b/part.parquet";

  private final String bucket = "lake-" + UUID.randomUUID();
  private final byte[] content = new byte[6 << 20];

  private StorageTiering tiering(Lake lake, StorageClass to) {
    String other = KEY.replace("part", "archived");
    return new StorageTiering(
        lake,
        Maintenance.tier(Duration.ofDays(30), "day", to),
        () -> List.of("s3://" + bucket + "/" + KEY, "s3a://" + bucket + "/" + other),
        PART,
        PART);
  }

  @Test
  void largeObjectsAreCopiedInPartsAndArchivedOnesAreLeft() {
    new Random(1).nextBytes(content);
    Map<String, String> settings =
        Map.of(
            "lake.warehouse",
            "s3://" + bucket + "/lake",
            "lake.s3.endpoint",
            ENDPOINT,
            "lake.s3.path-style",
            "true");
    try (Lake lake = Lake.open(settings);
        S3Client s3 =
            S3Client.builder()
                .region(Region.US_EAST_1)
                .endpointOverride(URI.create(ENDPOINT))
                .forcePathStyle(true)
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build()) {
      s3.createBucket(request -> request.bucket(bucket));
      put(s3, KEY, "STANDARD");
      put(s3, KEY.replace("part", "archived"), "DEEP_ARCHIVE");
      put(s3, KEY.replace("part", "younger"), "STANDARD");

      MaintenanceStep plan = tiering(lake, StorageClass.GLACIER_IR).plan();
      MaintenanceStep done = tiering(lake, StorageClass.GLACIER_IR).run("run");

      assertThat(done.filesWritten()).isEqualTo(1);
      assertThat(done.bytesWritten()).isEqualTo(content.length);
      assertThat(plan).isEqualTo(done);
      HeadObjectResponse head = s3.headObject(request -> request.bucket(bucket).key(KEY));
      assertThat(head.storageClassAsString()).isEqualTo("GLACIER_IR");
      assertThat(head.eTag()).contains("-2"); // of two parts
      assertThat(head.metadata()).containsEntry("made-by", "test");
      assertThat(s3.getObjectAsBytes(request -> request.bucket(bucket).key(KEY)).asByteArray())
          .isEqualTo(content);
      assertThat(tiering(lake, StorageClass.GLACIER_IR).plan().isNothing()).isTrue();
      assertThat(tiering(lake, StorageClass.STANDARD_IA).plan().filesWritten()).isEqualTo(1);
    }
  }

  private void put(S3Client s3, String key, String storageClass) {
    s3.putObject(
        request ->
            request
                .bucket(bucket)
                .key(key)
                .storageClass(storageClass)
                .metadata(Map.of("made-by", "test")),
        RequestBody.fromBytes(content));
  }
}
