package dev.sluice.runtime.observe;

import com.google.auto.service.AutoService;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.runtime.spi.LakeConfig;
import dev.sluice.runtime.spi.ObservedRun;
import dev.sluice.runtime.spi.RunObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** Shows a run at {@code /metrics} while it lasts, for Prometheus to look at. */
@AutoService(RunObserver.class)
public final class PrometheusObserver implements RunObserver {
  private HttpServer server;
  private ExecutorService thread;

  @Override
  public String name() {
    return "Prometheus";
  }

  @Override
  public boolean isAsked(LakeConfig config, Map<String, String> environment) {
    return config.metricsPort() != 0;
  }

  @Override
  public void begun(LakeConfig config, Map<String, String> environment, Supplier<ObservedRun> run)
      throws IOException {
    server = listening(config.metricsPort());
    thread = Executors.newSingleThreadExecutor(PrometheusObserver::daemon);
    server.setExecutor(thread);
    server.createContext("/metrics", exchange -> answer(exchange, run));
    server.start();
  }

  private static HttpServer listening(int port) throws IOException {
    try {
      return HttpServer.create(new InetSocketAddress(port), 0);
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException("metrics.port " + port + ": " + e.getMessage(), e);
    }
  }

  private static void answer(HttpExchange exchange, Supplier<ObservedRun> run) throws IOException {
    try (exchange) {
      if (!exchange.getRequestMethod().equals("GET")) {
        exchange.sendResponseHeaders(405, -1);
        return;
      }
      byte[] text = PrometheusText.of(run.get()).getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", PrometheusText.CONTENT_TYPE);
      exchange.sendResponseHeaders(200, text.length);
      exchange.getResponseBody().write(text);
    }
  }

  /** A run waits for no scrape: what has to arrive is sent, by OTLP or DogStatsD. */
  @Override
  public void ended(ObservedRun run) {
    if (server != null) { // it has not begun where the port was taken
      server.stop(0);
      thread.shutdownNow();
    }
  }

  private static Thread daemon(Runnable task) {
    Thread made = new Thread(task, "metrics");
    made.setDaemon(true);
    return made;
  }
}
