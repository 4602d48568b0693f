package dev.sluice.runtime.lake;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.SluiceException;
import dev.sluice.runtime.spi.LakeAccess;
import dev.sluice.runtime.spi.LakeConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.aws.s3.S3FileIO;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * The key with which S3 encrypts what a run writes.
 *
 * <p>To ask for it is not to have it: a server may take no notice, and a bucket may say otherwise.
 * So files are asked before they are published.
 */
public final class KmsOfS3 {
  /** The most files that are asked; of more, so many of them, spread evenly. */
  static final int MOST = 100;

  private static final String ALGORITHM = "aws:kms";

  private KmsOfS3() {}

  /** What Iceberg's file access asks S3 for. */
  static Map<String, String> iceberg(LakeConfig config) {
    return settings(config, "s3.sse.type", "kms", "s3.sse.key");
  }

  /** What Hadoop's file system asks S3 for. */
  static Map<String, String> hadoop(LakeConfig config) {
    return settings(config, "fs.s3a.encryption.algorithm", "SSE-KMS", "fs.s3a.encryption.key");
  }

  private static Map<String, String> settings(
      LakeConfig config, String type, String kms, String key) {
    Map<String, String> settings = new LinkedHashMap<>();
    if (!config.lakeS3KmsKey().isEmpty()) {
      settings.put(type, kms);
      settings.put(key, config.lakeS3KmsKey());
    }
    return settings;
  }

  /** An alias would never be found again in S3's answer, which names the key behind it. */
  static void requireNoAlias(LakeConfig config) {
    String key = config.lakeS3KmsKey();
    if (key.contains("alias/")) {
      throw SluiceException.config(
          "Cannot use lake.s3.kms-key: %s is an alias, and S3 does not say to which key it led. Name"
              + " the key by its id or ARN",
          key);
    }
  }

  /**
   * Refuses to publish files that are not encrypted with the key; asks nobody where none is set.
   *
   * @throws SluiceException of kind INFRA that names the first such file
   */
  public static void require(LakeAccess lake, List<String> files) {
    String key = lake.config().lakeS3KmsKey();
    if (key.isEmpty() || !lake.warehouse().startsWith("s3://")) {
      return;
    }
    try (S3FileIO io = FileIo.s3(lake)) {
      some(files).forEach(file -> require(io.client(), file, key));
    }
  }

  /** The same of what a staged snapshot adds: its list, its manifests and its files. */
  static void require(
      LakeAccess lake, Table table, Optional<Snapshot> snapshot, List<String> files) {
    if (snapshot.isEmpty() || lake.config().lakeS3KmsKey().isEmpty()) {
      return;
    }
    require(lake, List.of(snapshot.get().manifestListLocation()));
    require(
        lake,
        snapshot.get().allManifests(table.io()).stream()
            .filter(manifest -> manifest.snapshotId() == snapshot.get().snapshotId())
            .map(manifest -> manifest.path())
            .toList());
    require(lake, files);
  }

  static List<String> some(List<String> files) {
    return files.size() <= MOST
        ? files
        : IntStream.range(0, MOST)
            .mapToObj(i -> files.get((int) ((long) i * files.size() / MOST)))
            .toList();
  }

  private static void require(S3Client s3, String file, String key) {
    S3Address at = S3Address.of(file);
    HeadObjectResponse head = head(s3, file, at);
    String with = Optional.ofNullable(head.ssekmsKeyId()).orElse("none");
    if (!ALGORITHM.equals(head.serverSideEncryptionAsString())
        || !(with.equals(key) || with.endsWith("/" + key))) {
      throw new SluiceException(
          ErrorKind.INFRA,
          String.format(
              "Cannot publish %s: S3 says that it is encrypted with %s and key %s, not with %s and"
                  + " key %s. Check lake.s3.kms-key and the encryption of bucket %s, then run again",
              file,
              Optional.ofNullable(head.serverSideEncryptionAsString()).orElse("nothing"),
              with,
              ALGORITHM,
              key,
              at.bucket()));
    }
  }

  private static HeadObjectResponse head(S3Client s3, String file, S3Address at) {
    try {
      return s3.headObject(request -> request.bucket(at.bucket()).key(at.key()));
    } catch (SdkException e) {
      throw new SluiceException(
          ErrorKind.INFRA,
          String.format(
              "Cannot publish %s: S3 does not say how it is encrypted: %s. Check storage, network"
                  + " and credentials, then run again",
              file, e.getMessage()),
          e);
    }
  }
}
