package dev.sluice.runtime.lake;

import com.google.auto.service.AutoService;
import dev.sluice.model.ErrorKind;
import dev.sluice.model.SluiceException;
import dev.sluice.runtime.spi.CatalogProvider;
import dev.sluice.runtime.spi.FileCatalog;
import dev.sluice.runtime.spi.LakeConfig;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;

/** The catalog that needs no server: one SQLite file, by default in the warehouse. */
@AutoService(CatalogProvider.class)
public final class EmbeddedCatalog implements CatalogProvider {

  @Override
  public String name() {
    return "embedded";
  }

  /** Iceberg makes its tables as well, but two runs that do so at once make each other fail. */
  @Override
  public void prepare(LakeConfig config, String warehouse) {
    try (Connection connection = DriverManager.getConnection(address(config, warehouse));
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE IF NOT EXISTS iceberg_tables (catalog_name VARCHAR(255) NOT NULL,"
              + " table_namespace VARCHAR(255) NOT NULL, table_name VARCHAR(255) NOT NULL,"
              + " metadata_location VARCHAR(1000), previous_metadata_location VARCHAR(1000),"
              + " iceberg_type VARCHAR(5),"
              + " PRIMARY KEY (catalog_name, table_namespace, table_name))");
      statement.execute(
          "CREATE TABLE IF NOT EXISTS iceberg_namespace_properties ("
              + " catalog_name VARCHAR(255) NOT NULL, namespace VARCHAR(255) NOT NULL,"
              + " property_key VARCHAR(255), property_value VARCHAR(1000),"
              + " PRIMARY KEY (catalog_name, namespace, property_key))");
    } catch (SQLException e) {
      throw new SluiceException(
          ErrorKind.INFRA,
          "Cannot use the embedded catalog: " + e.getMessage() + ". Check lake.catalog.uri",
          e);
    }
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
    String given = config.lakeCatalogUri();
    if (given.startsWith("jdbc:sqlite:")) {
      return given;
    }
    if (!given.isEmpty()) { // not to be shown: an address of JDBC may hold a password
      throw SluiceException.config(
          "Cannot open the embedded catalog: it is a SQLite file, and lake.catalog.uri is the"
              + " address of something else. Set that to jdbc:sqlite:FILE, or lake.catalog to glue,"
              + " hive or rest");
    }
    if (!warehouse.startsWith("file:")) {
      throw SluiceException.config(
          "Cannot open the embedded catalog: SQLite cannot lie in %s. Set lake.catalog.uri to"
              + " jdbc:sqlite:FILE, or lake.catalog to glue, hive or rest",
          warehouse);
    }
    // Several runs share the file: wait for each other's commits rather than fail.
    return "jdbc:sqlite:" + URI.create(warehouse).getPath() + "/catalog.db?busy_timeout=60000";
  }
}
