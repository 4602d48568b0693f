package dev.sluice.runtime.source;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Rows of a reader that may never come to an end, as ORC's does where a stream is cut short: it
 * asks for more bytes some thousand million times.
 *
 * <p>Rows are read by a thread of their own, a few at a time. What counts is the time that it
 * computes, not how long storage takes. A thread that is given up runs on; it cannot be stopped,
 * and does not keep the process from ending.
 */
final class Watched implements Iterator<InternalRow> {
  /** So long does a reader compute a few rows at the most. */
  static final Duration MOST = Duration.ofSeconds(10);

  private static final int AT_ONCE = 1024;
  private static final long LOOK_MILLIS = 500;

  private final Iterator<InternalRow> rows;
  private final long mostNanos;
  private final Thread[] reading = new Thread[1];
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work -> {
            reading[0] = new Thread(work, "sluice-orc");
            reading[0].setDaemon(true);
            return reading[0];
          });
  private Iterator<InternalRow> ready = List.<InternalRow>of().iterator();
  private boolean ended;

  /**
   * Watches rows, which are copied as they are read.
   *
   * @param most how long the reader may compute for a few rows
   */
  Watched(Iterator<InternalRow> rows, Duration most) {
    this.rows = rows;
    this.mostNanos = most.toNanos();
  }

  @Override
  public boolean hasNext() {
    if (!ready.hasNext() && !ended) {
      List<InternalRow> some = await(thread.submit(this::some));
      ended = some.size() < AT_ONCE;
      ready = some.iterator();
      if (ended) {
        thread.shutdown();
      }
    }
    return ready.hasNext();
  }

  private List<InternalRow> some() {
    List<InternalRow> some = new ArrayList<>();
    while (some.size() < AT_ONCE && rows.hasNext()) {
      some.add(rows.next().copy());
    }
    return some;
  }

  private List<InternalRow> await(Future<List<InternalRow>> some) {
    long before = computed();
    while (true) {
      try {
        return some.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        if (computed() - before > mostNanos) {
          throw given(new IOException("its reader does not come to an end"));
        }
      } catch (ExecutionException e) {
        throw given(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw given(e);
      }
    }
  }

  private long computed() {
    return reading[0] == null
        ? 0
        : ManagementFactory.getThreadMXBean().getThreadCpuTime(reading[0].getId());
  }

  private RuntimeException given(Throwable why) {
    ended = true;
    thread.shutdownNow();
    return new IllegalStateException(why);
  }

  @Override
  public InternalRow next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return ready.next();
  }
}
