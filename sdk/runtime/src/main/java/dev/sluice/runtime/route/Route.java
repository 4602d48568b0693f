package dev.sluice.runtime.route;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.SluiceException;
import dev.sluice.quality.RowNotes;
import dev.sluice.runtime.spi.Staging;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** One write on its way: where its rows go, and afterwards what was counted. */
public final class Route {
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
    RouteCatalog.write(rows, () -> new RouteWrite(route));
    if (!route.committed) {
      throw new SluiceException(
          ErrorKind.INFRA, "Cannot stage rows: the write ended without a commit. Run again");
    }
    return route.notes;
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
