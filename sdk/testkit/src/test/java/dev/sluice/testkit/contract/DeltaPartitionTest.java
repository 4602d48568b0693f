package dev.sluice.testkit.contract;

import dev.sluice.model.TableFormat;
import dev.sluice.testkit.SluiceTest;

@SluiceTest
class DeltaPartitionTest extends PartitionContract {
  DeltaPartitionTest() {
    super(TableFormat.DELTA);
  }
}
