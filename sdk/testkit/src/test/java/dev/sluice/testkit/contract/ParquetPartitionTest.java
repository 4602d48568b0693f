package dev.sluice.testkit.contract;

import dev.sluice.model.TableFormat;
import dev.sluice.testkit.SluiceTest;

@SluiceTest
class ParquetPartitionTest extends PartitionContract {
  ParquetPartitionTest() {
    super(TableFormat.PARQUET);
  }
}
