package dev.sluice.connect.hive;

import com.google.auto.service.AutoService;
import dev.sluice.model.SluiceException;
import dev.sluice.runtime.lake.FileIo;
import dev.sluice.runtime.spi.CatalogProvider;
import dev.sluice.runtime.spi.FileCatalog;
import dev.sluice.runtime.spi.LakeConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/** The catalog {@code hive}: Iceberg's own for its tables, the metastore's for tables of files. */
@AutoService(CatalogProvider.class)
public final class HiveCatalogProvider implements CatalogProvider {

  @Override
  public String name() {
    return "hive";
  }

  @Override
  public Map<String, String> iceberg(LakeConfig config, String warehouse) {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("catalog-impl", "org.apache.iceberg.hive.HiveCatalog");
    properties.put("uri", uri(config));
    properties.put("warehouse", warehouse);
    properties.putAll(FileIo.properties(config, warehouse));
    return properties;
  }

  /**
   * What both clients of the metastore read.
   *
   * <p>A commit whose answer is lost must not be sent again: the second one would fail on what the
   * first has done, and that looks as if the first had failed. Without locks, Iceberg leaves the
   * order of commits to the server, and one before 4.0 does not keep it. Without retries a broken
   * connection would stay broken: so none gets old, and the question what came of a commit has one
   * of its own.
   */
  @Override
  public Map<String, String> hadoop(LakeConfig config) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("hive.metastore.uris", uri(config));
    settings.put("hive.metastore.failure.retries", "0");
    settings.put("hive.metastore.client.socket.lifetime", "1s");
    settings.put("iceberg.engine.hive.lock-enabled", "true");
    return settings;
  }

  @Override
  public FileCatalog files(LakeConfig config, String warehouse) {
    Configuration client = new Configuration();
    hadoop(config).forEach(client::set);
    return new HiveFileCatalog(client, warehouse);
  }

  @Override
  public String address(LakeConfig config, String warehouse) {
    return config.lakeHiveUri();
  }

  private static String uri(LakeConfig config) {
    if (!config.lakeHiveUri().startsWith("thrift://")) {
      throw SluiceException.config(
          "Cannot open catalog hive: its address is '%s'. Set lake.hive.uri to"
              + " thrift://HOST:PORT of the metastore",
          config.lakeHiveUri());
    }
    return config.lakeHiveUri();
  }
}
