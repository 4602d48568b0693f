package dev.sluice.connect.otlp;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Keeps the first thing that OpenTelemetry's SDK complains about, which it tells its log alone, so
 * that a run says it once and in its own words.
 */
final class FirstWarning extends Handler {
  /** Held: a logger that nobody holds forgets its handlers. */
  private static final Logger LIBRARY = Logger.getLogger("io.opentelemetry");

  private final AtomicReference<String> text = new AtomicReference<>();

  private FirstWarning() {}

  /** Listens from now on, in place of whoever has listened. */
  static synchronized FirstWarning ofTheLibrary() {
    FirstWarning warning = new FirstWarning();
    LIBRARY.setUseParentHandlers(false);
    for (Handler earlier : LIBRARY.getHandlers()) {
      LIBRARY.removeHandler(earlier);
    }
    LIBRARY.addHandler(warning);
    return warning;
  }

  Optional<String> text() {
    return Optional.ofNullable(text.get());
  }

  @Override
  public void publish(LogRecord record) {
    if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
      String first = String.valueOf(record.getMessage()).lines().findFirst().orElse("");
      text.compareAndSet(null, first.replaceAll("[.\\s]+$", ""));
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
