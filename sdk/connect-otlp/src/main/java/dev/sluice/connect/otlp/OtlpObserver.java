package dev.sluice.connect.otlp;

import com.google.auto.service.AutoService;
import dev.sluice.runtime.spi.LakeConfig;
import dev.sluice.runtime.spi.ObservedRun;
import dev.sluice.runtime.spi.RunObserver;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Tells a collector of OpenTelemetry of each run that has ended: its figures, and a trace with a
 * span for each phase.
 *
 * <p>Where to, and with what, say OpenTelemetry's own variables; {@code
 * OTEL_EXPORTER_OTLP_ENDPOINT} turns it on.
 */
@AutoService(RunObserver.class)
public final class OtlpObserver implements RunObserver {
  private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";

  private OtlpExport export;

  @Override
  public String name() {
    return "OTLP";
  }

  @Override
  public boolean isAsked(LakeConfig config, Map<String, String> environment) {
    return !environment.getOrDefault(ENDPOINT, "").isBlank();
  }

  /** Loads the library while the run goes on, so that its end has only to send. */
  @Override
  public void begun(LakeConfig config, Map<String, String> environment, Supplier<ObservedRun> run) {
    export = OtlpExport.open(environment);
  }

  @Override
  public void ended(ObservedRun run) {
    if (export != null) { // it has not begun where a variable is wrong, which was said
      export.send(run);
    }
  }
}
