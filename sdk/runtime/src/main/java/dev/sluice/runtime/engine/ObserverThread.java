package dev.sluice.runtime.engine;

import dev.sluice.runtime.spi.LakeConfig;
import dev.sluice.runtime.spi.ObservedRun;
import dev.sluice.runtime.spi.RunObserver;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** One observer and the only thread that calls it; throws nothing, says once what went wrong. */
final class ObserverThread {
  private final ServiceLoader.Provider<RunObserver> provider;
  private final AtomicBoolean failed = new AtomicBoolean();
  private final ExecutorService thread;
  private volatile String name;
  private RunObserver observer; // the thread's own; null where nobody asks for it

  ObserverThread(ServiceLoader.Provider<RunObserver> provider) {
    this.provider = provider;
    this.name = provider.type().getSimpleName();
    this.thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread made = new Thread(task, "observer-" + name);
              made.setDaemon(true);
              return made;
            });
  }

  /** What an observer does. */
  private interface Call {
    void make() throws Exception;
  }

  void begin(LakeConfig config, Map<String, String> environment, Supplier<ObservedRun> run) {
    var unused =
        submit(
            () -> {
              RunObserver made = provider.get();
              if (made.isAsked(config, environment)) {
                name = made.name();
                observer = made;
                made.begun(config, environment, run);
              }
            });
  }

  Future<?> end(ObservedRun run) {
    return submit(
        () -> {
          if (observer != null) {
            observer.ended(run);
          }
        });
  }

  private Future<?> submit(Call call) {
    return thread.submit(
        () -> {
          try {
            call.make();
          } catch (Throwable e) { // also classes that are not there: the run stands
            fail(Failures.firstLine(e));
          }
        });
  }

  /** Says what went wrong, the first time. */
  void fail(String reason) {
    if (!failed.getAndSet(true)) {
      warn(name, reason);
    }
  }

  static void warn(String name, Throwable e) {
    warn(name, Failures.firstLine(e));
  }

  private static void warn(String name, String reason) {
    System.err.printf("Cannot tell %s of the run: %s. The run itself stands%n", name, reason);
  }

  /** Lets go of the thread, which may still hang. */
  void close() {
    thread.shutdownNow();
  }
}
