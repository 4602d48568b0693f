package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.model.Receipt;
import dev.sluice.testkit.TroublesomeObserver.Trouble;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever becomes of what a run tells others, the run commits, its receipt says so, and it ends:
 * what never answers would hold the tests up for ever.
 */
@SluiceTest
@Timeout(300)
class TelemetryFaultTest {
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();

  @ParameterizedTest(name = "{0}")
  @EnumSource(Trouble.class)
  void anObserverInTroubleChangesNothing(Trouble trouble, JobHarness job) {
    job.variable(TroublesomeObserver.TROUBLE, trouble.name());

    assertThat(commits(job))
        .containsOnlyOnce("Cannot tell the tests of the run: " + reason(trouble));
  }

  private static String reason(Trouble trouble) {
    return switch (trouble) {
      case THROWS_AT_BEGIN -> "IllegalStateException: no begin. The run itself stands";
      case THROWS_AT_END -> "IllegalStateException: no end. The run itself stands";
      case LACKS_A_CLASS -> "NoClassDefFoundError: some/Library. The run itself stands";
      case NEVER_BEGINS, NEVER_ENDS -> "no answer within 5 s. The run itself stands";
    };
  }

  @Test
  void aCollectorThatNeverAnswersChangesNothing(JobHarness job) throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, HERE)) { // connections wait for ever
      assertThat(toldTo(job, silent.getLocalPort()))
          .containsOnlyOnce("Cannot tell OTLP of the run: ");
    }
  }

  @Test
  void aCollectorThatIsNotThereChangesNothing(JobHarness job) throws Exception {
    int port;
    try (ServerSocket nobody = new ServerSocket(0, 50, HERE)) {
      port = nobody.getLocalPort();
    }
    assertThat(toldTo(job, port)).containsOnlyOnce("Cannot tell OTLP of the run: ");
  }

  @Test
  void aCollectorThatIsBrokenChangesNothing(JobHarness job) throws Exception {
    HttpServer broken = HttpServer.create(new InetSocketAddress(HERE, 0), 0);
    broken.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(500, -1);
          exchange.close();
        });
    broken.start();
    try {
      assertThat(toldTo(job, broken.getAddress().getPort()))
          .containsOnlyOnce("Cannot tell OTLP of the run: ");
    } finally {
      broken.stop(0);
    }
  }

  @Test
  void aPortThatIsTakenAndAnAgentThatIsNoneChangeNothing(JobHarness job) throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      String port = Integer.toString(taken.getLocalPort());
      job.set("metrics.port", port).set("spark.ui-port", port);
      job.set("metrics.statsd", "127.0.0.1:99999");

      assertThat(commits(job))
          .containsOnlyOnce("Cannot tell Prometheus of the run: IOException: metrics.port " + port)
          .containsOnlyOnce(
              "Cannot tell DogStatsD of the run: IllegalArgumentException: port out of range");
    }
  }

  @Test
  void aStoreThatNeverAnswersKeepsNoEventLogAndHoldsNobody(JobHarness job) {
    job.set("spark.event-log", "hangs://store/events");

    assertThat(commits(job))
        .containsOnlyOnce(
            "Cannot keep Spark's event log in hangs://store/events: no answer within 8 s. The run"
                + " itself stands");
    assertThat(kept(job).spark().orElseThrow().eventLog()).isEmpty();
  }

  @Test
  void aFolderThatCannotBeWrittenKeepsNoEventLog(JobHarness job) throws IOException {
    Path file = Files.writeString(job.folder().resolve("a-file"), "no folder");
    job.set("spark.event-log", file.resolve("events").toString());

    assertThat(commits(job)).containsOnlyOnce("Cannot keep Spark's event log in file://" + file);
    assertThat(kept(job).spark().orElseThrow().eventLog()).isEmpty();
  }

  private static String toldTo(JobHarness job, int port) {
    return commits(job.variable("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:" + port));
  }

  /** Runs a job, holds what came of it to what comes of it without observers; says what it said. */
  private static String commits(JobHarness job) {
    Given.orders(job, 10, i -> i + "," + i + ",r" + i % 2);
    PrintStream before = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    JobResult result;
    try {
      result = job.run(Sample.job());
    } finally {
      System.setErr(before);
    }
    String text = said.toString(StandardCharsets.UTF_8);
    Receipt receipt = result.receipt();
    assertThat(receipt.status()).as(text).isEqualTo(Receipt.Status.COMMITTED);
    assertThat(receipt.exitCode()).contains(0);
    assertThat(receipt.rows()).contains(new Receipt.Rows(10, 10, 0, 0));
    assertThat(receipt.error()).isEmpty();
    assertThat(kept(job).full()).as("the receipt that was kept").isEqualTo(receipt.full());
    assertThat(result.rows()).hasSize(10);
    return text;
  }

  private static Receipt kept(JobHarness job) {
    Path receipts = job.folder().resolve("lake/_sluice/receipts/load-orders");
    try (var files = Files.list(receipts)) {
      Path only = files.filter(file -> file.toString().endsWith(".json")).findFirst().orElseThrow();
      return Receipt.parse(Files.readString(only)).orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
