package dev.sluice.testkit.contract;

import dev.sluice.testkit.JobHarness;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A bucket of its own for one test, on a server that {@code ci/test} starts. */
final class TestBucket implements AutoCloseable {
  /** Names the address of a real S3 server, which knows nothing of KMS. */
  static final String S3 = "SLUICE_TEST_S3";

  /** Names the address of the emulator of AWS, whose S3 keeps in mind how it was to encrypt. */
  static final String AWS = "SLUICE_TEST_GLUE";

  private final String endpoint;
  private final String bucket = "test-" + UUID.randomUUID();
  private final S3Client s3;

  private TestBucket(String endpoint) {
    this.endpoint = endpoint;
    this.s3 =
        S3Client.builder()
            .region(Region.US_EAST_1)
            .endpointOverride(URI.create(endpoint))
            .forcePathStyle(true)
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .build();
    s3.createBucket(request -> request.bucket(bucket));
  }

  /** A bucket on the server that a variable names. */
  static TestBucket on(String variable) {
    return new TestBucket(System.getenv(variable));
  }

  /** Lets a test's lake lie here, with its catalog in the test's folder. */
  void keep(JobHarness job) {
    lake(job).forEach(job::set);
  }

  Map<String, String> lake(JobHarness job) {
    return Map.of(
        "lake.warehouse",
        "s3://" + bucket + "/lake",
        "lake.catalog.uri",
        "jdbc:sqlite:" + job.folder().resolve("catalog.db"),
        "lake.s3.endpoint",
        endpoint,
        "lake.s3.path-style",
        "true");
  }

  /** The keys of what lies here. */
  List<String> keys() {
    return s3.listObjectsV2Paginator(request -> request.bucket(bucket)).contents().stream()
        .map(S3Object::key)
        .toList();
  }

  HeadObjectResponse head(String key) {
    return s3.headObject(request -> request.bucket(bucket).key(key));
  }

  byte[] get(String key) {
    return s3.getObjectAsBytes(request -> request.bucket(bucket).key(key)).asByteArray();
  }

  void put(String key, byte[] bytes) {
    s3.putObject(request -> request.bucket(bucket).key(key), RequestBody.fromBytes(bytes));
  }

  @Override
  public void close() {
    keys().forEach(key -> s3.deleteObject(request -> request.bucket(bucket).key(key)));
    s3.deleteBucket(request -> request.bucket(bucket));
    s3.close();
  }
}
