package dev.sluice.connect.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.sluice.model.ErrorKind;
import dev.sluice.model.Interval;
import dev.sluice.model.Receipt;
import dev.sluice.model.SettingsType;
import dev.sluice.runtime.spi.Figure;
import dev.sluice.runtime.spi.LakeConfig;
import dev.sluice.runtime.spi.ObservedRun;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.net.ServerSocket;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a collector of OpenTelemetry is sent of a run. */
class OtlpObserverTest {
  private static final Instant START = Instant.parse("2026-11-23T23:15:00Z");
  private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  @Test
  void aRunIsATraceWithASpanForEachPhase() throws Exception {
    try (Collector collector = new Collector(200)) {
      observe(collector.endpoint(), Map.of("TRACEPARENT", PARENT), run(Receipt.Status.COMMITTED));

      assertThat(collector.spans())
          .extracting(Span::getName)
          .containsExactlyInAnyOrder("run clean-departures", "bind", "transform");
      Span whole = span(collector, "run clean-departures");
      assertThat(hex(whole.getTraceId())).isEqualTo("0af7651916cd43dd8448eb211c80319c");
      assertThat(hex(whole.getParentSpanId())).isEqualTo("b7ad6b7169203331");
      assertThat(lasts(whole)).containsExactly(0L, 12_000L);
      assertThat(whole.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_UNSET);
      assertThat(Collector.texts(whole.getAttributesList()))
          .containsEntry("job", "clean-departures")
          .containsEntry("table", "flights.departures")
          .containsEntry("environment", "production")
          .containsEntry("outcome", "committed")
          .containsEntry("sluice.run_id", "20261123T231500Z-1a2b3c")
          .containsEntry("sluice.interval.start", "2013-01-01T00:00:00Z")
          .containsEntry("sluice.rows.written", "26483");
      Span phase = span(collector, "transform");
      assertThat(phase.getTraceId()).isEqualTo(whole.getTraceId());
      assertThat(phase.getParentSpanId()).isEqualTo(whole.getSpanId());
      assertThat(lasts(phase)).containsExactly(500L, 12_000L);
      assertThat(collector.resource()).containsEntry("service.name", "sluice");
    }
  }

  @Test
  void aRunThatFailsIsMarkedInItsTrace() throws Exception {
    try (Collector collector = new Collector(200)) {
      observe(collector.endpoint(), Map.of(), run(Receipt.Status.REFUSED));

      Span whole = span(collector, "run clean-departures");
      assertThat(whole.getParentSpanId()).isEqualTo(ByteString.EMPTY);
      assertThat(whole.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
      assertThat(whole.getStatus().getMessage()).isEqualTo("CONTRACT");
      assertThat(Collector.texts(whole.getAttributesList()))
          .containsEntry("error.type", "CONTRACT")
          .containsEntry("outcome", "refused");
    }
  }

  @Test
  void itsFiguresAreMetrics() throws Exception {
    try (Collector collector = new Collector(200)) {
      observe(
          collector.endpoint(),
          Map.of(
              "OTEL_SERVICE_NAME", "flights",
              "OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=lab"),
          run(Receipt.Status.COMMITTED));

      assertThat(collector.metrics())
          .extracting(Metric::getName)
          .containsExactlyInAnyOrder("sluice.runs", "sluice.rows", "sluice.run.duration");
      NumberDataPoint runs = metric(collector, "sluice.runs").getSum().getDataPoints(0);
      assertThat(runs.getAsInt()).isEqualTo(1);
      assertThat(Collector.texts(runs.getAttributesList()))
          .containsExactlyInAnyOrderEntriesOf(
              Map.of(
                  "job", "clean-departures",
                  "table", "flights.departures",
                  "environment", "production",
                  "outcome", "committed"));
      Metric duration = metric(collector, "sluice.run.duration");
      assertThat(duration.getUnit()).isEqualTo("s");
      assertThat(duration.getGauge().getDataPoints(0).getAsDouble()).isEqualTo(12.25);
      assertThat(metric(collector, "sluice.rows").getGauge().getDataPointsList())
          .anySatisfy(
              point -> {
                assertThat(Collector.texts(point.getAttributesList()))
                    .containsEntry("state", "written");
                assertThat(point.getAsDouble()).isEqualTo(26_483);
              })
          .hasSize(2);
      assertThat(collector.resource())
          .containsEntry("service.name", "flights")
          .containsEntry("deployment.environment.name", "lab");
    }
  }

  @Test
  void aCollectorThatDoesNotTakeItIsSaidByItsReason() throws Exception {
    try (Collector collector = new Collector(500)) {
      assertThatThrownBy(
              () -> observe(collector.endpoint(), Map.of(), run(Receipt.Status.COMMITTED)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("500");
    }
  }

  @Test
  void aCollectorThatIsNotThereIsSaid() throws Exception {
    String endpoint;
    try (ServerSocket nobody = new ServerSocket(0)) {
      endpoint = "http://127.0.0.1:" + nobody.getLocalPort();
    }

    assertThatThrownBy(() -> observe(endpoint, Map.of(), run(Receipt.Status.COMMITTED)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Failed to export");
  }

  @Test
  void nobodyIsToldWhereNoEndpointIsNamed() {
    OtlpObserver observer = new OtlpObserver();

    assertThat(observer.isAsked(config(), Map.of())).isFalse();
    assertThat(observer.isAsked(config(), Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", " "))).isFalse();
    observer.ended(run(Receipt.Status.COMMITTED)); // one that has not begun has nothing to send
  }

  private static void observe(String endpoint, Map<String, String> variables, ObservedRun run) {
    Map<String, String> environment = new HashMap<>(variables);
    environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint);
    OtlpObserver observer = new OtlpObserver();
    assertThat(observer.isAsked(config(), environment)).isTrue();
    observer.begun(config(), environment, () -> run);
    observer.ended(run);
  }

  private static ObservedRun run(Receipt.Status status) {
    Instant end = START.plusSeconds(12);
    return new ObservedRun(
        "clean-departures",
        "20261123T231500Z-1a2b3c",
        "clean-departures/flights.departures",
        Optional.of(Interval.parse("2013-01-01/2013-02-01")),
        Optional.of("flights.departures"),
        Optional.of("production"),
        START,
        Optional.of(end),
        status,
        Optional.of(ErrorKind.CONTRACT).filter(kind -> status == Receipt.Status.REFUSED),
        List.of(
            new ObservedRun.Phase("bind", START, Optional.of(START.plusMillis(500))),
            new ObservedRun.Phase("transform", START.plusMillis(500), Optional.of(end))),
        List.of(
            Figure.seconds("sluice.run.duration", "Seconds.", 12.25),
            Figure.count("sluice.rows", "Rows.", 27_004).of("state", "read"),
            Figure.count("sluice.rows", "Rows.", 26_483).of("state", "written")));
  }

  private static Span span(Collector collector, String name) {
    return collector.spans().stream()
        .filter(span -> span.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Metric metric(Collector collector, String name) {
    return collector.metrics().stream()
        .filter(metric -> metric.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** Begin and end in milliseconds after the run's own begin. */
  private static List<Long> lasts(Span span) {
    long start = START.toEpochMilli();
    return List.of(
        span.getStartTimeUnixNano() / 1_000_000 - start,
        span.getEndTimeUnixNano() / 1_000_000 - start);
  }

  private static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }

  private static LakeConfig config() {
    SettingsType type = SettingsType.of(LakeConfig.class);
    return (LakeConfig) type.bind(type.defaults());
  }
}
