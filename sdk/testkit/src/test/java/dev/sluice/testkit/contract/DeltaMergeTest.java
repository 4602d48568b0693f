package dev.sluice.testkit.contract;

import dev.sluice.model.TableFormat;
import dev.sluice.testkit.SluiceTest;

@SluiceTest
class DeltaMergeTest extends MergeContract {
  DeltaMergeTest() {
    super(TableFormat.DELTA);
  }
}
