package dev.sluice.runtime.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.SettingsType;
import dev.sluice.runtime.spi.LakeConfig;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What Prometheus finds while a run goes on. */
class PrometheusObserverTest {
  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void aRunIsShownWhileItLasts() throws Exception {
    int port = freePort();
    PrometheusObserver observer = new PrometheusObserver();
    LakeConfig config = config(port);
    assertThat(observer.isAsked(config, Map.of())).isTrue();
    observer.begun(config, Map.of(), () -> ObservedRuns.going("clean-departures"));

    HttpResponse<String> answer = get(port, "GET");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type"))
        .contains("text/plain; version=0.0.4; charset=utf-8");
    String run = "environment=\"production\",job=\"clean-departures\"";
    String table = "table=\"flights.departures\"";
    assertThat(Exposition.read(answer.body()))
        .containsEntry("sluice_rows{" + run + ",state=\"read\"," + table + "}", 27_004.0)
        .containsEntry("sluice_rows{" + run + ",state=\"written\"," + table + "}", 26_483.0)
        .containsEntry("sluice_run_duration_seconds{" + run + "," + table + "}", 12.25)
        .containsEntry("sluice_heap_used_bytes{" + run + "," + table + "}", 734_003_200.0)
        .containsEntry(
            "sluice_run_info{" + run + ",phase=\"transform\",status=\"running\"," + table + "}",
            1.0);
    assertThat(get(port, "POST").statusCode()).isEqualTo(405);

    observer.ended(ObservedRuns.ended("clean-departures"));
    assertThatThrownBy(() -> get(port, "GET")).isInstanceOf(ConnectException.class);
  }

  @Test
  void namesThatPrometheusWouldMisreadAreEscaped() {
    String text = PrometheusText.of(ObservedRuns.ended("a \"job\"\\with\nlines"));

    assertThat(Exposition.read(text).keySet())
        .anyMatch(key -> key.contains("job=\"a \\\"job\\\"\\\\with\\nlines\""));
  }

  @Test
  void withoutAPortThereIsNone() {
    assertThat(new PrometheusObserver().isAsked(config(0), Map.of())).isFalse();
  }

  @Test
  void oneThatCouldNotBeginEndsAllTheSame() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      PrometheusObserver observer = new PrometheusObserver();
      LakeConfig config = config(taken.getLocalPort());

      assertThatThrownBy(() -> observer.begun(config, Map.of(), () -> ObservedRuns.going("job")))
          .hasMessage("metrics.port %d: Address already in use", taken.getLocalPort());
      observer.ended(ObservedRuns.ended("job"));
    }
  }

  private HttpResponse<String> get(int port, String method) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .timeout(Duration.ofSeconds(60))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static LakeConfig config(int port) {
    SettingsType type = SettingsType.of(LakeConfig.class);
    Map<String, String> all = new HashMap<>(type.defaults());
    all.put("metrics.port", Integer.toString(port));
    return (LakeConfig) type.bind(all);
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
