package dev.sluice.connect.otlp;

import dev.sluice.model.Receipt.Status;
import dev.sluice.model.Sdk;
import dev.sluice.runtime.spi.Figure;
import dev.sluice.runtime.spi.ObservedRun;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.RetryPolicy;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.InstrumentSelector;
import io.opentelemetry.sdk.metrics.SdkMeterProviderBuilder;
import io.opentelemetry.sdk.metrics.View;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** OpenTelemetry's SDK for one run, set up by its own variables. */
final class OtlpExport {
  private static final String SCOPE = "dev.sluice";

  /** Less than a run waits for its observers, so that what goes wrong is said by its reason. */
  private static final long FLUSH_MILLIS = 4_000;

  private static final Map<String, String> DEFAULTS =
      Map.of(
          "otel.service.name", "sluice",
          "otel.exporter.otlp.protocol", "http/protobuf",
          "otel.logs.exporter", "none");

  /** The library's own tries again for eight seconds, which is longer than a run waits. */
  private static final RetryPolicy HASTY =
      RetryPolicy.builder()
          .setMaxAttempts(3)
          .setInitialBackoff(Duration.ofMillis(250))
          .setMaxBackoff(Duration.ofSeconds(1))
          .build();

  private static final Set<Status> GOOD =
      Set.of(Status.COMMITTED, Status.ALREADY_COMMITTED, Status.RUNNING);

  private final Map<String, String> environment;
  private final FirstWarning warning;
  private final OpenTelemetrySdk sdk;

  private OtlpExport(Map<String, String> environment, FirstWarning warning, OpenTelemetrySdk sdk) {
    this.environment = environment;
    this.warning = warning;
    this.sdk = sdk;
  }

  /** Sets the SDK up as the variables say; sends nothing yet. */
  static OtlpExport open(Map<String, String> environment) {
    FirstWarning warning = FirstWarning.ofTheLibrary();
    Map<String, String> properties = new HashMap<>(DEFAULTS);
    environment.forEach(
        (name, value) -> {
          if (name.startsWith("OTEL_")) {
            properties.put(name.toLowerCase(Locale.ROOT).replace('_', '.'), value);
          }
        });
    OpenTelemetrySdk sdk =
        AutoConfiguredOpenTelemetrySdk.builder()
            .disableShutdownHook() // the run says when it ends, and how long it waits
            .addPropertiesSupplier(() -> properties)
            .addSpanExporterCustomizer((exporter, config) -> hastyAndSilent(exporter))
            .addMetricExporterCustomizer((exporter, config) -> hastyAndSilent(exporter))
            .addMeterProviderCustomizer((builder, config) -> withoutItsOwn(builder))
            .build()
            .getOpenTelemetrySdk();
    return new OtlpExport(environment, warning, sdk);
  }

  /** An exporter that counts what it sends would count it into the figures of the run. */
  private static SpanExporter hastyAndSilent(SpanExporter exporter) {
    return exporter instanceof OtlpHttpSpanExporter http
        ? http.toBuilder().setRetryPolicy(HASTY).setMeterProvider(MeterProvider.noop()).build()
        : exporter;
  }

  private static MetricExporter hastyAndSilent(MetricExporter exporter) {
    return exporter instanceof OtlpHttpMetricExporter http
        ? http.toBuilder().setRetryPolicy(HASTY).setMeterProvider(MeterProvider.noop()).build()
        : exporter;
  }

  /** The SDK counts spans that wait in its queue: of one run that says nothing. */
  private static SdkMeterProviderBuilder withoutItsOwn(SdkMeterProviderBuilder builder) {
    return builder.registerView(
        InstrumentSelector.builder().setMeterName("io.opentelemetry.sdk.trace").build(),
        View.builder().setAggregation(Aggregation.drop()).build());
  }

  /** Sends all that is to be said of a run, and lets go of the SDK. */
  void send(ObservedRun run) {
    trace(run);
    measure(run);
    // Both are sent at once: spans where they are flushed, metrics where their provider shuts down.
    CompletableResultCode spans = sdk.getSdkTracerProvider().forceFlush();
    CompletableResultCode metrics = sdk.getSdkMeterProvider().shutdown();
    CompletableResultCode.ofAll(List.of(spans, metrics)).join(FLUSH_MILLIS, TimeUnit.MILLISECONDS);
    var unused = sdk.shutdown();
    warning
        .text()
        .ifPresent(
            text -> {
              throw new IllegalStateException(text);
            });
  }

  private void trace(ObservedRun run) {
    Tracer tracer = sdk.getTracer(SCOPE, Sdk.version());
    Context parent =
        W3CTraceContextPropagator.getInstance()
            .extract(Context.root(), environment, OtlpExport::variable);
    Span whole =
        tracer
            .spanBuilder("run " + run.job())
            .setParent(parent)
            .setStartTimestamp(run.startedAt())
            .setAllAttributes(about(run))
            .startSpan();
    Instant end = run.endedAt().orElseGet(Instant::now);
    for (ObservedRun.Phase phase : run.phases()) {
      tracer
          .spanBuilder(phase.name())
          .setParent(parent.with(whole))
          .setStartTimestamp(phase.startedAt())
          .startSpan()
          .end(phase.endedAt().orElse(end));
    }
    if (!GOOD.contains(run.status())) {
      whole.setStatus(StatusCode.ERROR, run.error().map(Enum::name).orElse(run.outcome()));
    }
    whole.end(end);
  }

  /** The parent as whoever has launched the process names it: {@code TRACEPARENT}. */
  private static String variable(Map<String, String> environment, String key) {
    return environment.get(key.toUpperCase(Locale.ROOT));
  }

  /** A trace may tell runs apart, which metrics must not. */
  private static Attributes about(ObservedRun run) {
    AttributesBuilder attributes = common(run);
    attributes.put("sluice.run_id", run.runId());
    attributes.put("sluice.run_key", run.runKey());
    run.interval()
        .ifPresent(
            interval -> {
              attributes.put("sluice.interval.start", interval.start().toString());
              attributes.put("sluice.interval.end", interval.end().toString());
            });
    run.error().ifPresent(kind -> attributes.put("error.type", kind.name()));
    for (Figure figure : run.figures()) {
      if (figure.name().equals("sluice.rows")) {
        attributes.put("sluice.rows." + figure.attributes().get("state"), (long) figure.value());
      }
    }
    return attributes.build();
  }

  private void measure(ObservedRun run) {
    Meter meter =
        sdk.getMeterProvider().meterBuilder(SCOPE).setInstrumentationVersion(Sdk.version()).build();
    meter
        .counterBuilder("sluice.runs")
        .setDescription("Runs that have ended.")
        .build()
        .add(1, common(run).build());
    for (Figure figure : run.figures()) {
      AttributesBuilder attributes = common(run);
      figure.attributes().forEach(attributes::put);
      meter
          .gaugeBuilder(figure.name())
          .setDescription(figure.what())
          .setUnit(figure.unit().orElse("1"))
          .build()
          .set(figure.value(), attributes.build());
    }
  }

  private static AttributesBuilder common(ObservedRun run) {
    AttributesBuilder attributes = Attributes.builder();
    run.attributes().forEach(attributes::put);
    return attributes.put("outcome", run.outcome());
  }
}
