package dev.sluice.runtime.lake;

import com.google.auto.service.AutoService;
import dev.sluice.runtime.spi.CatalogProvider;
import dev.sluice.runtime.spi.FileCatalog;
import dev.sluice.runtime.spi.LakeConfig;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/** The catalog that needs no server: one SQLite file, by default in the warehouse. */
@AutoService(CatalogProvider.class)
public final class EmbeddedCatalog implements CatalogProvider {

  @Override
  public String name() {
    return "embedded";
  }

  @Override
  public Map<String, String> iceberg(LakeConfig config, String warehouse) {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("catalog-impl", "org.apache.iceberg.jdbc.JdbcCatalog");
    properties.put("uri", address(config, warehouse));
    properties.put("jdbc.schema-version", "V1");
    properties.put("warehouse", warehouse);
    properties.putAll(FileIo.properties(config, warehouse));
    return properties;
  }

  @Override
  public FileCatalog files(LakeConfig config, String warehouse) {
    return new EmbeddedFileCatalog(address(config, warehouse));
  }

  @Override
  public String address(LakeConfig config, String warehouse) {
    if (!config.lakeCatalogUri().isEmpty()) {
      return config.lakeCatalogUri();
    }
    if (!warehouse.startsWith("file:")) {
      throw dev.sluice.model.SluiceException.config(
          "Cannot open the embedded catalog: SQLite cannot lie in %s. Set lake.catalog.uri to"
              + " jdbc:sqlite:FILE, or lake.catalog to glue",
          warehouse);
    }
    // Several runs share the file: wait for each other's commits rather than fail.
    return "jdbc:sqlite:" + URI.create(warehouse).getPath() + "/catalog.db?busy_timeout=60000";
  }
}
