package dev.sluice.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Receipt;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** What those see who look on at a run: its figures while it lasts, and how it has ended. */
@SluiceTest
class ObservedRunTest {

  @Test
  void prometheusFindsTheFiguresOfARunThatGoesOn(JobHarness job) throws Exception {
    int port = freePort();
    job.set("metrics.port", Integer.toString(port));
    List<String> seen = new CopyOnWriteArrayList<>();

    JobResult result =
        lookedAt(
            job,
            rows -> {
              rows.count();
              seen.add(scraped(rows, port, "/metrics"));
            });

    assertThat(result.receipt().error()).isEmpty();
    assertThat(seen).hasSize(1);
    assertThat(seen.get(0).lines())
        .contains(
            "sluice_run_info{job=\"load-orders\",phase=\"transform\",status=\"running\","
                + "table=\"shop.orders\"} 1",
            "sluice_executor_tasks{executor=\"driver\",job=\"load-orders\",state=\"failed\","
                + "table=\"shop.orders\"} 0")
        .anyMatch(
            line -> line.matches("sluice_phase_duration_seconds\\{.*phase=\"read\".*} [0-9.]+"))
        .anyMatch(line -> line.matches("sluice_heap_used_bytes\\{.*} [1-9]\\d+"))
        .anyMatch(line -> line.matches("sluice_input_rows\\{.*} [1-9]\\d+"))
        .anyMatch(line -> line.matches("sluice_executor_tasks\\{.*state=\"done\".*} [1-9]\\d*"));
  }

  @Test
  void sparksPagesAreThereWhileItLasts(JobHarness job) throws Exception {
    int port = freePort();
    job.set("spark.ui-port", Integer.toString(port));
    List<String> seen = new CopyOnWriteArrayList<>();

    JobResult result =
        lookedAt(
            job,
            rows -> {
              seen.add(scraped(rows, port, "/api/v1/applications"));
              seen.add(scraped(rows, port, "/metrics/executors/prometheus/"));
            });

    assertThat(result.receipt().error()).isEmpty();
    assertThat(seen).hasSize(2);
    assertThat(seen.get(0)).contains(result.receipt().spark().orElseThrow().applicationId());
    assertThat(seen.get(1)).contains("metrics_executor_completedTasks_total{");
  }

  @Test
  void aPortThatSparkDoesNotTakeIsAMistake(JobHarness job) {
    Given.orders(job, 3, i -> i + "," + i + ",r");
    job.set("spark.ui-port", "80");

    Receipt receipt = job.run(Sample.job()).receipt();

    assertThat(receipt.exitCode()).contains(2);
    assertThat(receipt.error().orElseThrow().message())
        .isEqualTo(
            "Cannot start Spark: spark.ui-port is 80. Set it to a port from 1024 to 65535, or to 0"
                + " for no pages");
  }

  @Test
  void anAgentIsToldHowARunHasEnded(JobHarness job) throws Exception {
    Given.orders(job, 30, i -> i + "," + i + ",r" + i % 2);

    String told = told(job, Sample.job());

    assertThat(told.lines())
        .contains(
            "sluice.runs:1|c|#job:load-orders,outcome:committed,table:shop.orders",
            "sluice.rows:30|g|#job:load-orders,outcome:committed,state:written,table:shop.orders")
        .anyMatch(line -> line.startsWith("sluice.last_success.timestamp:"))
        .anyMatch(line -> line.matches("sluice\\.tasks:[1-9]\\d*\\|g\\|#.*state:done.*"))
        .noneMatch(line -> line.contains("executor"));
  }

  @Test
  void ofARunThatHasFailedItIsToldToo(JobHarness job) throws Exception {
    Given.orders(job, 30, i -> i + "," + i + ",r" + i % 2);

    String told =
        told(
            job,
            Sample.doing(
                rows -> {
                  throw new IllegalStateException("a bug");
                }));

    assertThat(told.lines())
        .contains("sluice.runs:1|c|#job:load-orders,outcome:failed,table:shop.orders")
        .noneMatch(line -> line.startsWith("sluice.last_success"));
  }

  @Test
  void aRegistrationIsARunLikeOthers(JobHarness job) throws Exception {
    Given.orders(job, 3, i -> i + "," + i + ",r");
    job.run(Sample.job());
    try (DatagramChannel agent = agent(job)) {
      Receipt receipt = job.register(Sample.job());

      assertThat(receipt.exitCode()).contains(0);
      assertThat(received(agent)).contains("sluice.runs:1|c|#job:register.load-orders,outcome:");
    }
  }

  private static String told(JobHarness job, Sample sample) throws Exception {
    try (DatagramChannel agent = agent(job)) {
      job.run(sample);
      return received(agent);
    }
  }

  private static DatagramChannel agent(JobHarness job) throws Exception {
    DatagramChannel agent = DatagramChannel.open();
    agent.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    agent.configureBlocking(false);
    job.set("metrics.statsd", "127.0.0.1:" + agent.socket().getLocalPort());
    return agent;
  }

  /** All that has come: on one machine nothing is on its way any more once it is sent. */
  private static String received(DatagramChannel agent) throws Exception {
    StringBuilder text = new StringBuilder();
    ByteBuffer packet = ByteBuffer.allocate(65_535);
    while (agent.receive(packet) != null) {
      text.append(UTF_8.decode(packet.flip()));
      packet.clear();
    }
    return text.toString();
  }

  /** A run at which somebody looks while it makes its rows. */
  private static JobResult lookedAt(JobHarness job, Consumer<Dataset<Row>> look) {
    Given.orders(job, 30, i -> i + "," + i + ",r" + i % 2);
    return job.run(
        Sample.doing(
            rows -> {
              if (!rows.isEmpty()) { // not where the job is planned, over no rows
                look.accept(rows);
              }
              return rows;
            }));
  }

  private static String scraped(Dataset<Row> rows, int port, String path) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(60))
            .build();
    try {
      rows.sparkSession().sparkContext().listenerBus().waitUntilEmpty();
      return scraped(request, Instant.now().plusSeconds(60));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** A run does not wait for its observers to begin. */
  private static String scraped(HttpRequest request, Instant deadline) throws Exception {
    while (true) {
      try {
        return HttpClient.newHttpClient()
            .send(request, HttpResponse.BodyHandlers.ofString())
            .body();
      } catch (ConnectException e) {
        if (Instant.now().isAfter(deadline)) {
          throw e;
        }
        Thread.sleep(50);
      }
    }
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
