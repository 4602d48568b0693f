package dev.sluice.testkit.contract;

import dev.sluice.model.TableFormat;
import dev.sluice.testkit.SluiceTest;

@SluiceTest
class DeltaTableTest extends TableContract {
  DeltaTableTest() {
    super(TableFormat.DELTA);
  }
}
