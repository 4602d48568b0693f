package dev.sluice.testkit.contract;

import dev.sluice.model.TableFormat;
import dev.sluice.model.Write;
import dev.sluice.runtime.Job;
import dev.sluice.testkit.SluiceTest;
import org.junit.jupiter.api.Tag;

@Tag("iceberg")
@SluiceTest
class IcebergFaultTest extends FaultContract {
  IcebergFaultTest() {
    super(TableFormat.ICEBERG);
  }

  /** One of the jobs. */
  static final class Replaces extends Orders {
    Replaces() {
      super(orders(TableFormat.ICEBERG), Write.replacePartitions());
    }
  }

  @Override
  Job replaces() {
    return new Replaces();
  }

  /** One of the jobs. */
  static final class Appends extends Orders {
    Appends() {
      super(orders(TableFormat.ICEBERG), Write.append());
    }
  }

  @Override
  Job appends() {
    return new Appends();
  }

  /** One of the jobs. */
  static final class Merges extends Orders {
    Merges() {
      super(orders(TableFormat.ICEBERG), Write.upsert());
    }
  }

  @Override
  Job merges() {
    return new Merges();
  }
}
