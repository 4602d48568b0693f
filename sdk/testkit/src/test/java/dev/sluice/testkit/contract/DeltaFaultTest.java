package dev.sluice.testkit.contract;

import dev.sluice.model.TableFormat;
import dev.sluice.model.Write;
import dev.sluice.runtime.Job;
import dev.sluice.testkit.SluiceTest;

@SluiceTest
class DeltaFaultTest extends FaultContract {
  DeltaFaultTest() {
    super(TableFormat.DELTA);
  }

  /** One of the jobs. */
  static final class Replaces extends Orders {
    Replaces() {
      super(orders(TableFormat.DELTA), Write.replacePartitions());
    }
  }

  @Override
  Job replaces() {
    return new Replaces();
  }

  /** One of the jobs. */
  static final class Appends extends Orders {
    Appends() {
      super(orders(TableFormat.DELTA), Write.append());
    }
  }

  @Override
  Job appends() {
    return new Appends();
  }

  /** One of the jobs. */
  static final class Merges extends Orders {
    Merges() {
      super(orders(TableFormat.DELTA), Write.upsert());
    }
  }

  @Override
  Job merges() {
    return new Merges();
  }
}
