package dev.sluice.testkit.contract;

import dev.sluice.model.TableFormat;
import dev.sluice.testkit.SluiceTest;

@SluiceTest
class IcebergMergeTest extends MergeContract {
  IcebergMergeTest() {
    super(TableFormat.ICEBERG);
  }
}
