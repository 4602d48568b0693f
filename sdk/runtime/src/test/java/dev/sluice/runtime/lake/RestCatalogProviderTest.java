package dev.sluice.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.model.SettingsType;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.runtime.spi.LakeConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.rest.RESTCatalog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How Iceberg's client of REST catalogs is set up. */
class RestCatalogProviderTest {
  private static final Table FILES = Table.parquet("shop.orders").column("id", "int");

  private final RestCatalogProvider provider = new RestCatalogProvider();
  private final List<HttpExchange> posts = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private int status;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  /** A change gets the wanted status, or no answer at all; everything else goes well. */
  private void answer(HttpExchange exchange) throws IOException {
    boolean change = exchange.getRequestMethod().equals("POST");
    if (change) {
      posts.add(exchange);
    }
    if (change && status == 0) {
      exchange.close();
      return;
    }
    byte[] body = "{\"defaults\": {}, \"overrides\": {}}".getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(change ? status : 200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private Map<String, String> properties(Map<String, String> more) {
    SettingsType type = SettingsType.of(LakeConfig.class);
    Map<String, String> settings = new HashMap<>(type.defaults());
    settings.put("lake.rest.uri", "http://127.0.0.1:" + server.getAddress().getPort());
    settings.putAll(more);
    return provider.iceberg((LakeConfig) type.bind(settings), "file:///lake");
  }

  private RESTCatalog open(Map<String, String> more) {
    Map<String, String> properties = new HashMap<>(properties(more));
    properties.remove("catalog-impl");
    RESTCatalog catalog = new RESTCatalog();
    catalog.initialize("lake", properties);
    return catalog;
  }

  @ParameterizedTest(name = "status {0}")
  @ValueSource(ints = {0, 500, 502, 503, 504})
  void aChangeWhoseOutcomeIsNotToldIsNotSentAgain(int answer) throws IOException {
    status = answer;
    try (RESTCatalog catalog = open(Map.of())) {
      assertThatThrownBy(() -> catalog.createNamespace(Namespace.of("shop")))
          .isInstanceOf(RuntimeException.class);
    }
    assertThat(posts).hasSize(1);
  }

  @Test
  void aTokenGoesIntoEveryRequest() throws IOException {
    status = 500;
    try (RESTCatalog catalog = open(Map.of("lake.rest.token", "abc"))) {
      assertThatThrownBy(() -> catalog.createNamespace(Namespace.of("shop")))
          .isInstanceOf(RuntimeException.class);
    }
    assertThat(posts.get(0).getRequestHeaders().getFirst("Authorization")).isEqualTo("Bearer abc");
  }

  @Test
  void onlyWhatIsSetIsToldToTheCatalog() {
    assertThat(properties(Map.of()))
        .doesNotContainKeys("warehouse", "token", "credential", "oauth2-server-uri", "scope");
    assertThat(
            properties(
                Map.of(
                    "lake.rest.warehouse", "main",
                    "lake.rest.credential", "id:secret",
                    "lake.rest.oauth2-uri", "https://tokens",
                    "lake.rest.scope", "lake")))
        .containsEntry("warehouse", "main")
        .containsEntry("credential", "id:secret")
        .containsEntry("oauth2-server-uri", "https://tokens")
        .containsEntry("scope", "lake");
  }

  @Test
  void anAddressThatIsNoneIsRefused() {
    assertThatThrownBy(() -> properties(Map.of("lake.rest.uri", "")))
        .isInstanceOf(SluiceException.class)
        .hasMessage(
            "Cannot open catalog rest: its address is ''. Set lake.rest.uri to http(s)://HOST of"
                + " the catalog's server");
  }

  @Test
  void secretsAreNotShown() {
    SettingsType type = SettingsType.of(LakeConfig.class);
    Map<String, String> settings = new HashMap<>(type.defaults());
    settings.put("lake.rest.token", "abc");
    assertThat(type.bind(settings).toString()).contains("lakeRestToken=***").doesNotContain("abc");
  }

  @Test
  void tablesOfFilesAreRefusedWhateverIsAskedOfThem() {
    NoFileCatalog files = new NoFileCatalog("rest");
    String message =
        "Cannot use table shop.orders: its files are parquet, and catalog rest has Iceberg tables"
            + " only. Set lake.catalog to embedded, glue or hive, or declare the table as Iceberg";
    assertThatThrownBy(() -> files.find(FILES)).hasMessage(message);
    assertThatThrownBy(() -> files.partitions(FILES)).hasMessage(message);
    assertThatThrownBy(() -> files.point(FILES, List.of())).hasMessage(message);
    assertThatThrownBy(() -> files.drop(FILES, List.of())).hasMessage(message);
  }
}
