package dev.sluice.testkit.contract;

import dev.sluice.model.TableFormat;
import dev.sluice.model.Write;
import dev.sluice.runtime.Job;
import dev.sluice.testkit.SluiceTest;
import java.util.Optional;

@SluiceTest
class IcebergFaultTest extends FaultContract {
  IcebergFaultTest() {
    super(TableFormat.ICEBERG);
  }

  /** The job of the killed process. */
  static final class Replaces extends Orders {
    Replaces() {
      super(orders(TableFormat.ICEBERG), Write.replacePartitions());
    }
  }

  @Override
  Job replaces() {
    return new Replaces();
  }

  /** The job of the late process. */
  static final class Merges extends Orders {
    Merges() {
      super(orders(TableFormat.ICEBERG).key("id"), Write.upsert());
    }
  }

  @Override
  Optional<Job> merges() {
    return Optional.of(new Merges());
  }
}
