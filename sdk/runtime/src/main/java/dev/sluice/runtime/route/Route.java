package dev.sluice.runtime.route;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.SluiceException;
import dev.sluice.quality.RowNotes;
import dev.sluice.runtime.spi.Staging;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;

/** One write on its way: where its rows go, and afterwards what was counted. */
public final class Route {
  /** Spark makes its catalogs from class names: a write is found by its token. */
  private static final Map<String, Route> OPEN = new ConcurrentHashMap<>();

  private final RowLayout layout;
  private final Staging target;
  private final Staging quarantine;
  private final String runKey;
  private final RowNotes notes;
  private final long micros = System.currentTimeMillis() * 1000;
  private boolean committed;

  private Route(RowLayout layout, Staging target, Staging quarantine, String runKey) {
    this.layout = layout;
    this.target = target;
    this.quarantine = quarantine;
    this.runKey = runKey;
    this.notes = layout.notes();
  }

  /**
   * Stages all rows of a frame, each in one of two places, in one execution of its plan.
   *
   * @param rows laid out as {@link RowLayout} says
   * @return what was noted of them on the way
   */
  public static RowNotes stage(
      Dataset<Row> rows, RowLayout layout, Staging target, Staging quarantine, String runKey) {
    Route route = new Route(layout, target, quarantine, runKey);
    String token = UUID.randomUUID().toString();
    OPEN.put(token, route);
    try {
      rows.writeTo(RouteCatalog.NAME + ".`" + token + "`").append();
    } catch (NoSuchTableException e) {
      throw new IllegalStateException("the route was opened just now", e);
    } finally {
      OPEN.remove(token);
    }
    if (!route.committed) {
      throw new SluiceException(
          ErrorKind.INFRA, "Cannot stage rows: the write ended without a commit. Run again");
    }
    return route.notes;
  }

  static Route find(String token) {
    Route route = OPEN.get(token);
    if (route == null) {
      throw new IllegalStateException("no write is open for token " + token);
    }
    return route;
  }

  RowLayout layout() {
    return layout;
  }

  Staging target() {
    return target;
  }

  Staging quarantine() {
    return quarantine;
  }

  String runKey() {
    return runKey;
  }

  /** When the rows are rejected, for all tasks the same: microseconds since 1970. */
  long micros() {
    return micros;
  }

  RowNotes notes() {
    return notes;
  }

  void committed() {
    committed = true;
  }
}
