package dev.sluice.runtime.lake;

import dev.sluice.model.Maintenance;
import dev.sluice.model.Maintenance.StorageClass;
import dev.sluice.model.Receipt.MaintenanceStep;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.runtime.spi.Chore;
import dev.sluice.runtime.spi.FailPoint;
import dev.sluice.runtime.spi.LakeAccess;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.iceberg.aws.s3.S3FileIO;
import org.apache.iceberg.util.Tasks;
import org.apache.iceberg.util.ThreadPools;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Moves files of a table into another class of S3's storage: each object is copied onto itself, so
 * that its address stays, and with it all that names it.
 *
 * <p>Which class an object has is asked of S3: what was moved is left alone, however the run before
 * has ended. Objects that are archived already are not touched, for they cannot be copied.
 */
public final class StorageTiering implements Chore {
  private static final Set<String> READ_AT_ONCE = new HashSet<>(Set.of("STANDARD"));
  private static final long LARGEST_WHOLE = 5L << 30;
  private static final long PART = 1L << 30;

  static {
    Arrays.stream(StorageClass.values()).map(Enum::name).forEach(READ_AT_ONCE::add);
  }

  private final LakeAccess lake;
  private final Maintenance.Tiering step;
  private final Supplier<List<String>> files;
  private final long largestWhole;
  private final long part;

  /**
   * The step for some files of a table.
   *
   * @param files the addresses of those that are old enough
   */
  public StorageTiering(LakeAccess lake, Maintenance.Tiering step, Supplier<List<String>> files) {
    this(lake, step, files, LARGEST_WHOLE, PART);
  }

  StorageTiering(
      LakeAccess lake,
      Maintenance.Tiering step,
      Supplier<List<String>> files,
      long largestWhole,
      long part) {
    this.lake = lake;
    this.step = step;
    this.files = files;
    this.largestWhole = largestWhole;
    this.part = part;
  }

  /** Refuses the step where there are no classes of storage. */
  static void requireS3(LakeAccess lake, Table table) {
    if (!lake.warehouse().startsWith("s3:")) {
      throw SluiceException.config(
          "Cannot maintain %s with tier: the lake is at %s, and only S3 has classes of storage."
              + " Leave tier out of its maintenance",
          table.name(), lake.warehouse());
    }
  }

  /** An object where it lies. */
  private record Lying(String bucket, String key, long bytes) {
    static Lying at(String address) {
      S3Address at = S3Address.of(address);
      return new Lying(at.bucket(), at.key(), 0);
    }

    Lying folder() {
      return new Lying(bucket, key.substring(0, key.lastIndexOf('/') + 1), 0);
    }
  }

  @Override
  public MaintenanceStep plan() {
    try (S3FileIO io = FileIo.s3(lake)) {
      return told(due(io.client()));
    }
  }

  @Override
  public MaintenanceStep run(String runId) {
    try (S3FileIO io = FileIo.s3(lake)) {
      List<Lying> due = due(io.client());
      Tasks.foreach(due)
          .executeWith(ThreadPools.getWorkerPool())
          .stopOnFailure()
          .run(object -> move(io.client(), object));
      return told(due);
    }
  }

  private MaintenanceStep told(List<Lying> moved) {
    return MaintenanceStep.rewritten(
        step, 0, 0, moved.size(), moved.stream().mapToLong(Lying::bytes).sum());
  }

  /** Those of the files that lie in another class; one question for each folder. */
  private List<Lying> due(S3Client s3) {
    Map<Lying, Set<String>> folders =
        files.get().stream()
            .map(Lying::at)
            .collect(
                Collectors.groupingBy(
                    Lying::folder, Collectors.mapping(Lying::key, Collectors.toSet())));
    List<Lying> due = new ArrayList<>();
    folders.forEach(
        (folder, keys) ->
            s3
                .listObjectsV2Paginator(
                    list -> list.bucket(folder.bucket()).prefix(folder.key()).delimiter("/"))
                .contents()
                .stream()
                .filter(object -> keys.contains(object.key()) && isElsewhere(object))
                .map(object -> new Lying(folder.bucket(), object.key(), object.size()))
                .forEach(due::add));
    return due;
  }

  private boolean isElsewhere(S3Object object) {
    String lies = object.storageClass() == null ? "STANDARD" : object.storageClassAsString();
    return READ_AT_ONCE.contains(lies) && !lies.equals(step.to().name());
  }

  private void move(S3Client s3, Lying object) {
    try {
      HeadObjectResponse head =
          s3.headObject(request -> request.bucket(object.bucket()).key(object.key()));
      if (object.bytes() > largestWhole) {
        copyInParts(s3, object, head);
      } else {
        copy(s3, object, head);
      }
      FailPoint.BETWEEN_POINTERS.hit();
    } catch (NoSuchKeyException e) {
      // Another step has removed it: it lies nowhere.
      System.getLogger(StorageTiering.class.getName()).log(System.Logger.Level.DEBUG, "gone", e);
    }
  }

  private void copy(S3Client s3, Lying object, HeadObjectResponse head) {
    s3.copyObject(
        request ->
            request
                .sourceBucket(object.bucket())
                .sourceKey(object.key())
                .destinationBucket(object.bucket())
                .destinationKey(object.key())
                .serverSideEncryption(head.serverSideEncryption())
                .ssekmsKeyId(head.ssekmsKeyId())
                .storageClass(step.to().name()));
  }

  private void copyInParts(S3Client s3, Lying object, HeadObjectResponse head) {
    String upload =
        s3.createMultipartUpload(
                request ->
                    request
                        .bucket(object.bucket())
                        .key(object.key())
                        .contentType(head.contentType())
                        .metadata(head.metadata())
                        .serverSideEncryption(head.serverSideEncryption())
                        .ssekmsKeyId(head.ssekmsKeyId())
                        .storageClass(step.to().name()))
            .uploadId();
    try {
      List<CompletedPart> parts = new ArrayList<>();
      for (long from = 0; from < object.bytes(); from += part) {
        parts.add(copyPart(s3, object, upload, from, parts.size() + 1));
      }
      s3.completeMultipartUpload(
          request ->
              request
                  .bucket(object.bucket())
                  .key(object.key())
                  .uploadId(upload)
                  .multipartUpload(all -> all.parts(parts)));
    } catch (RuntimeException e) {
      s3.abortMultipartUpload(
          request -> request.bucket(object.bucket()).key(object.key()).uploadId(upload));
      throw e;
    }
  }

  private CompletedPart copyPart(S3Client s3, Lying object, String upload, long from, int number) {
    long last = Math.min(from + part, object.bytes()) - 1;
    String etag =
        s3.uploadPartCopy(
                request ->
                    request
                        .sourceBucket(object.bucket())
                        .sourceKey(object.key())
                        .destinationBucket(object.bucket())
                        .destinationKey(object.key())
                        .copySourceRange("bytes=" + from + "-" + last)
                        .uploadId(upload)
                        .partNumber(number))
            .copyPartResult()
            .eTag();
    return CompletedPart.builder().partNumber(number).eTag(etag).build();
  }
}
