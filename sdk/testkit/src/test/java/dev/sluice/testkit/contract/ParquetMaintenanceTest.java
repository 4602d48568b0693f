package dev.sluice.testkit.contract;

import dev.sluice.model.TableFormat;
import dev.sluice.model.Write;
import dev.sluice.runtime.Job;
import dev.sluice.testkit.SluiceTest;

@SluiceTest
class ParquetMaintenanceTest extends FileMaintenanceContract {
  ParquetMaintenanceTest() {
    super(TableFormat.PARQUET);
  }

  /** The job. */
  static final class Replaces extends Orders {
    Replaces() {
      super(ofFiles(TableFormat.PARQUET), Write.replacePartitions());
    }
  }

  @Override
  Job writes() {
    return new Replaces();
  }
}
