package dev.sluice.testkit.contract;

import dev.sluice.model.TableFormat;
import dev.sluice.testkit.SluiceTest;

@SluiceTest
class ParquetEvolutionTest extends EvolutionContract {
  ParquetEvolutionTest() {
    super(TableFormat.PARQUET);
  }
}
