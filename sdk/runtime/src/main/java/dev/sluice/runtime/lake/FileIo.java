package dev.sluice.runtime.lake;

import dev.sluice.runtime.spi.LakeAccess;
import dev.sluice.runtime.spi.LakeConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.iceberg.aws.s3.S3FileIO;

/** How files are reached, by where the warehouse is: through Iceberg, and through Hadoop. */
public final class FileIo {
  /**
   * S3 with the credentials that the machine has. Table metadata says s3://, as other engines read.
   */
  static final Map<String, String> S3 =
      Map.of(
          "fs.s3.impl",
          "org.apache.hadoop.fs.s3a.S3AFileSystem",
          "fs.s3a.aws.credentials.provider",
          "software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider");

  private FileIo() {}

  /** The catalog properties that choose and set up Iceberg's file access. */
  public static Map<String, String> properties(LakeConfig config, String warehouse) {
    Map<String, String> properties = new LinkedHashMap<>();
    if (warehouse.startsWith("s3://")) {
      // Not S3A: Iceberg's own keeps s3:// in the metadata, which every other engine reads.
      properties.put("io-impl", VerifiedS3FileIO.class.getName());
      properties.put("client.region", config.lakeRegion());
      properties.put("http-client.type", "urlconnection");
      properties.put("s3.path-style-access", Boolean.toString(config.lakeS3PathStyle()));
      if (!config.lakeS3Endpoint().isEmpty()) {
        properties.put("s3.endpoint", config.lakeS3Endpoint());
      }
      properties.putAll(KmsOfS3.iceberg(config));
    } else {
      // Glue's catalog would take S3 for granted.
      properties.put("io-impl", "org.apache.iceberg.hadoop.HadoopFileIO");
    }
    return properties;
  }

  /** Opens Iceberg's access to a lake on S3. */
  static S3FileIO s3(LakeAccess lake) {
    S3FileIO io = new S3FileIO();
    io.initialize(properties(lake.config(), lake.warehouse()));
    return io;
  }

  /** The settings of Hadoop's file systems, which read and write plain files. */
  static Map<String, String> hadoop(LakeConfig config) {
    Map<String, String> settings = new LinkedHashMap<>(Integrity.OF_PAGES);
    settings.putAll(S3);
    settings.put("fs.s3a.endpoint.region", config.lakeRegion());
    settings.put("fs.s3a.path.style.access", Boolean.toString(config.lakeS3PathStyle()));
    settings.putAll(KmsOfS3.hadoop(config));
    if (!config.lakeS3Endpoint().isEmpty()) {
      settings.put("fs.s3a.endpoint", config.lakeS3Endpoint());
      boolean tls = config.lakeS3Endpoint().startsWith("https");
      settings.put("fs.s3a.connection.ssl.enabled", Boolean.toString(tls));
    }
    return settings;
  }
}
