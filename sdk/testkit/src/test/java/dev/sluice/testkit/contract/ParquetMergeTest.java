package dev.sluice.testkit.contract;

import dev.sluice.model.TableFormat;
import dev.sluice.testkit.SluiceTest;

@SluiceTest
class ParquetMergeTest extends MergeContract {
  ParquetMergeTest() {
    super(TableFormat.PARQUET);
  }
}
