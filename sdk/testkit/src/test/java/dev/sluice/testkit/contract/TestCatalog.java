package dev.sluice.testkit.contract;

import dev.sluice.testkit.JobHarness;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hive.metastore.HiveMetaStoreClient;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.rest.RESTCatalog;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.EntityNotFoundException;

/** A server that keeps tables, which {@code ci/faults} starts; it begins each test with none. */
enum TestCatalog {
  HIVE,
  GLUE,
  REST;

  /** The variables that name the servers' addresses. */
  static final String HIVE_URI = "SLUICE_TEST_HIVE";

  static final String GLUE_ENDPOINT = "SLUICE_TEST_GLUE";
  static final String REST_URI = "SLUICE_TEST_REST";

  /** Which of the processes that run tests this one is, or works for: {@code _1}, {@code _2}. */
  static final String FORK = "tests.fork";

  private static final List<String> NAMESPACES = List.of("shop", "sluice");

  /** Lets a test's lake be kept here, with nothing in it. */
  void keep(JobHarness job) {
    settings().forEach(job::set);
    forget();
  }

  /** Drops all tables that a test may have made. */
  void forget() {
    try {
      for (String namespace : NAMESPACES) {
        forget(namespace);
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  Map<String, String> settings() {
    return switch (this) {
      case HIVE -> Map.of("lake.catalog", "hive", "lake.hive.uri", address(HIVE_URI));
      case GLUE -> Map.of("lake.catalog", "glue", "lake.glue.endpoint", address(GLUE_ENDPOINT));
      case REST -> Map.of("lake.catalog", "rest", "lake.rest.uri", address(REST_URI));
    };
  }

  /** The second of two processes that run tests has a server of its own, where there is one. */
  private static String address(String variable) {
    String own = System.getenv(variable + System.getProperty(FORK, ""));
    return own == null ? System.getenv(variable) : own;
  }

  private void forget(String namespace) throws Exception {
    switch (this) {
      case HIVE -> {
        Configuration settings = new Configuration();
        settings.set("hive.metastore.uris", address(HIVE_URI));
        try (HiveMetaStoreClient hive = new HiveMetaStoreClient(settings)) {
          hive.dropDatabase(namespace, false, true, true);
        }
      }
      case GLUE -> {
        try (GlueClient glue =
            GlueClient.builder()
                .region(Region.US_EAST_1)
                .endpointOverride(URI.create(address(GLUE_ENDPOINT)))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build()) {
          glue.deleteDatabase(request -> request.name(namespace));
        } catch (EntityNotFoundException e) {
          // Nothing to forget.
        }
      }
      case REST -> {
        try (RESTCatalog rest = new RESTCatalog()) {
          rest.initialize("lake", Map.of("uri", address(REST_URI)));
          if (rest.namespaceExists(Namespace.of(namespace))) {
            rest.listTables(Namespace.of(namespace)).forEach(table -> rest.dropTable(table, false));
          }
        }
      }
    }
  }
}
