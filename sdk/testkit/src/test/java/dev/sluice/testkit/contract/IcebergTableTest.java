package dev.sluice.testkit.contract;

import dev.sluice.model.TableFormat;
import dev.sluice.testkit.SluiceTest;

@SluiceTest
class IcebergTableTest extends TableContract {
  IcebergTableTest() {
    super(TableFormat.ICEBERG);
  }
}
