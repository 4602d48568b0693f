package dev.sluice.runtime.lake;

import com.google.auto.service.AutoService;
import dev.sluice.model.SluiceException;
import dev.sluice.runtime.spi.CatalogProvider;
import dev.sluice.runtime.spi.FileCatalog;
import dev.sluice.runtime.spi.LakeConfig;
import java.util.LinkedHashMap;
import java.util.Map;

/** The catalog {@code rest}: any server of Iceberg's REST catalog; it has Iceberg tables only. */
@AutoService(CatalogProvider.class)
public final class RestCatalogProvider implements CatalogProvider {

  @Override
  public String name() {
    return "rest";
  }

  @Override
  public Map<String, String> iceberg(LakeConfig config, String warehouse) {
    if (!config.lakeRestUri().matches("https?://.+")) {
      throw SluiceException.config(
          "Cannot open catalog rest: its address is '%s'. Set lake.rest.uri to http(s)://HOST of"
              + " the catalog's server",
          config.lakeRestUri());
    }
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("catalog-impl", "org.apache.iceberg.rest.RESTCatalog");
    properties.put("uri", config.lakeRestUri());
    putUnlessEmpty(properties, "warehouse", config.lakeRestWarehouse());
    putUnlessEmpty(properties, "token", config.lakeRestToken().reveal());
    putUnlessEmpty(properties, "credential", config.lakeRestCredential().reveal());
    putUnlessEmpty(properties, "oauth2-server-uri", config.lakeRestOauth2Uri());
    putUnlessEmpty(properties, "scope", config.lakeRestScope());
    // The least that the client takes. It sends a commit again only where the server said that it
    // did nothing (429, or 503 with Retry-After), never where the answer is lost.
    properties.put("rest.client.max-retries", "1");
    // What a scan has cost is in the run's own figures; told to the server, it is told while the
    // client closes, and fails loudly.
    properties.put("rest-metrics-reporting-enabled", "false");
    properties.putAll(FileIo.properties(config, warehouse));
    return properties;
  }

  private static void putUnlessEmpty(Map<String, String> properties, String key, String value) {
    if (!value.isEmpty()) {
      properties.put(key, value);
    }
  }

  @Override
  public FileCatalog files(LakeConfig config, String warehouse) {
    return new NoFileCatalog(name());
  }

  @Override
  public String address(LakeConfig config, String warehouse) {
    return config.lakeRestUri();
  }
}
