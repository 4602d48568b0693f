package dev.sluice.testkit.contract;

import dev.sluice.model.TableFormat;
import dev.sluice.testkit.SluiceTest;

@SluiceTest
class ParquetTableTest extends TableContract {
  ParquetTableTest() {
    super(TableFormat.PARQUET);
  }
}
