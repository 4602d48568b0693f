package dev.sluice.testkit.contract;

import dev.sluice.model.TableFormat;
import dev.sluice.testkit.SluiceTest;

@SluiceTest
class IcebergPartitionTest extends PartitionContract {
  IcebergPartitionTest() {
    super(TableFormat.ICEBERG);
  }
}
