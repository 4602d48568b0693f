package dev.sluice.runtime.lake;

/** Where an object lies on S3; Iceberg's own word for it is not public. */
record S3Address(String bucket, String key) {

  /** Takes {@code s3://} apart, and {@code s3a://} as Hadoop's clients say. */
  static S3Address of(String uri) {
    String path = uri.replaceFirst("^s3a?://", "");
    int slash = path.indexOf('/');
    return new S3Address(path.substring(0, slash), path.substring(slash + 1));
  }
}
