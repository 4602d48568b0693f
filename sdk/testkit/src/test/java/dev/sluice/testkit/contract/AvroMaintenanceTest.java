package dev.sluice.testkit.contract;

import dev.sluice.model.TableFormat;
import dev.sluice.model.Write;
import dev.sluice.runtime.Job;
import dev.sluice.testkit.SluiceTest;
import org.junit.jupiter.api.Tag;

@SluiceTest
@Tag("one-format")
class AvroMaintenanceTest extends FileMaintenanceContract {
  AvroMaintenanceTest() {
    super(TableFormat.AVRO);
  }

  /** The job. */
  static final class Replaces extends Orders {
    Replaces() {
      super(ofFiles(TableFormat.AVRO), Write.replacePartitions());
    }
  }

  @Override
  Job writes() {
    return new Replaces();
  }
}
