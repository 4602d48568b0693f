package dev.sluice.testkit.contract;

import dev.sluice.model.TableFormat;
import dev.sluice.model.Write;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.spi.FailPoint;
import dev.sluice.testkit.SluiceTest;
import org.junit.jupiter.api.Test;

@SluiceTest
class ParquetFaultTest extends FaultContract {
  ParquetFaultTest() {
    super(TableFormat.PARQUET);
  }

  /** Several pointers are switched in one transaction here: nobody sees some of them. */
  @Test
  void aRunIsKilledBetweenPointers() {
    isKilledAndRunsAgain(FailPoint.BETWEEN_POINTERS);
  }

  /** One of the jobs. */
  static final class Replaces extends Orders {
    Replaces() {
      super(orders(TableFormat.PARQUET), Write.replacePartitions());
    }
  }

  @Override
  Job replaces() {
    return new Replaces();
  }

  /** One of the jobs. */
  static final class Appends extends Orders {
    Appends() {
      super(orders(TableFormat.PARQUET), Write.append());
    }
  }

  @Override
  Job appends() {
    return new Appends();
  }

  /** One of the jobs. */
  static final class Merges extends Orders {
    Merges() {
      super(orders(TableFormat.PARQUET), Write.upsert());
    }
  }

  @Override
  Job merges() {
    return new Merges();
  }
}
