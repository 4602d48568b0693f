package dev.sluice.runtime.spi;

import dev.sluice.model.Maintenance;
import dev.sluice.model.Receipt.MaintenanceStep;

/** One step of maintenance of one table, as its format does it. */
public interface Chore {

  /** What it would do now, as far as that can be told without doing it; changes nothing. */
  MaintenanceStep plan();

  /**
   * Does it, and answers what was done. Safe beside writers, and after one that was killed.
   *
   * @param runId the run that does it
   * @throws dev.sluice.model.SluiceException with exit code CONFLICT where a writer was faster
   */
  MaintenanceStep run(String runId);

  /** Of a table that is not there yet. */
  static Chore nothing(Maintenance step) {
    return new Chore() {
      @Override
      public MaintenanceStep plan() {
        return MaintenanceStep.nothing(step);
      }

      @Override
      public MaintenanceStep run(String runId) {
        return plan();
      }
    };
  }
}
