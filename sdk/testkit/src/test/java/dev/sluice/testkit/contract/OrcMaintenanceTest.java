package dev.sluice.testkit.contract;

import dev.sluice.model.TableFormat;
import dev.sluice.model.Write;
import dev.sluice.runtime.Job;
import dev.sluice.testkit.SluiceTest;
import org.junit.jupiter.api.Tag;

@SluiceTest
@Tag("one-format")
class OrcMaintenanceTest extends FileMaintenanceContract {
  OrcMaintenanceTest() {
    super(TableFormat.ORC);
  }

  /** The job. */
  static final class Replaces extends Orders {
    Replaces() {
      super(ofFiles(TableFormat.ORC), Write.replacePartitions());
    }
  }

  @Override
  Job writes() {
    return new Replaces();
  }
}
