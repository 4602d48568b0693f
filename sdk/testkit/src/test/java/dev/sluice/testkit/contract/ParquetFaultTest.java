package dev.sluice.testkit.contract;

import dev.sluice.model.TableFormat;
import dev.sluice.model.Write;
import dev.sluice.runtime.Job;
import dev.sluice.testkit.SluiceTest;
import java.util.Optional;

@SluiceTest
class ParquetFaultTest extends FaultContract {
  ParquetFaultTest() {
    super(TableFormat.PARQUET);
  }

  /** The job of the killed process. */
  static final class Replaces extends Orders {
    Replaces() {
      super(orders(TableFormat.PARQUET), Write.replacePartitions());
    }
  }

  @Override
  Job replaces() {
    return new Replaces();
  }

  @Override
  Optional<Job> merges() {
    return Optional.empty();
  }
}
