package dev.sluice.connect.glue;

import com.google.auto.service.AutoService;
import dev.sluice.runtime.lake.FileIo;
import dev.sluice.runtime.spi.CatalogProvider;
import dev.sluice.runtime.spi.FileCatalog;
import dev.sluice.runtime.spi.LakeConfig;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.GlueClientBuilder;

/** The catalog {@code glue}: Iceberg's own for its tables, Glue's API for tables of files. */
@AutoService(CatalogProvider.class)
public final class GlueCatalogProvider implements CatalogProvider {

  @Override
  public String name() {
    return "glue";
  }

  @Override
  public Map<String, String> iceberg(LakeConfig config, String warehouse) {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("catalog-impl", "org.apache.iceberg.aws.glue.GlueCatalog");
    properties.put("warehouse", warehouse);
    properties.put("client.region", config.lakeRegion());
    properties.put("http-client.type", "urlconnection");
    if (!config.lakeGlueEndpoint().isEmpty()) {
      properties.put("glue.endpoint", config.lakeGlueEndpoint());
    }
    properties.putAll(FileIo.properties(config, warehouse));
    return properties;
  }

  @Override
  public FileCatalog files(LakeConfig config, String warehouse) {
    GlueClientBuilder builder =
        GlueClient.builder()
            .region(Region.of(config.lakeRegion()))
            .httpClientBuilder(UrlConnectionHttpClient.builder());
    if (!config.lakeGlueEndpoint().isEmpty()) {
      builder.endpointOverride(URI.create(config.lakeGlueEndpoint()));
    }
    GlueClient glue = builder.build();
    return new GlueFileCatalog(
        glue, new GlueUpkeep(glue, config.lakeGluePartitionIndex(), config.lakeGlueVersions()));
  }

  @Override
  public String address(LakeConfig config, String warehouse) {
    return config.lakeGlueEndpoint().isEmpty()
        ? "region " + config.lakeRegion()
        : config.lakeGlueEndpoint();
  }
}
