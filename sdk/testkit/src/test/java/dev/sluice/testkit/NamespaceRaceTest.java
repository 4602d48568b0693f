package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Table;
import dev.sluice.quality.history.Metric;
import dev.sluice.runtime.lake.Lake;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs that start at once in a new lake find no namespace and make it, each with its own catalog
 * client.
 */
class NamespaceRaceTest {
  private static final int RUNS = 4;
  private static final int NAMESPACES = 10;

  @TempDir Path folder;

  @Test
  void whoeverComesSecondFindsTheNamespace() throws Exception {
    CyclicBarrier together = new CyclicBarrier(RUNS);
    ExecutorService pool = Executors.newFixedThreadPool(RUNS);
    List<Future<?>> runs = new ArrayList<>();
    for (int run = 0; run < RUNS; run++) {
      String table = "table_" + run;
      runs.add(pool.submit(() -> makeTables(table, together)));
    }
    for (Future<?> run : runs) {
      run.get();
    }
    pool.shutdown();
    try (Lake lake = lake()) {
      Table table = Table.iceberg("new_0.table_0");
      assertThat(lake.metrics(table).history("job")).hasSize(1);
    }
  }

  private Void makeTables(String table, CyclicBarrier together) throws Exception {
    try (Lake lake = lake()) {
      for (int i = 0; i < NAMESPACES; i++) {
        together.await();
        lake.metrics(Table.iceberg("new_" + i + "." + table)).append(List.of(metric()));
      }
    }
    return null;
  }

  private Lake lake() {
    return Lake.open(Map.of("lake.warehouse", folder.toUri().toString()));
  }

  private static Metric metric() {
    Metric.Origin origin =
        new Metric.Origin("job/2024", "run", Instant.EPOCH, "table", "suite", "fingerprint");
    Optional<String> none = Optional.empty();
    return new Metric(
        origin, none, none, none, "row_count", Optional.of(1.0), none, Optional.empty());
  }
}
