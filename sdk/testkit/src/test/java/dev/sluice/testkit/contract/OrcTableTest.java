package dev.sluice.testkit.contract;

import dev.sluice.model.TableFormat;
import dev.sluice.testkit.SluiceTest;

@SluiceTest
class OrcTableTest extends TableContract {
  OrcTableTest() {
    super(TableFormat.ORC);
  }
}
