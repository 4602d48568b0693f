package dev.sluice.testkit.contract;

import dev.sluice.model.TableFormat;
import dev.sluice.testkit.SluiceTest;

@SluiceTest
class IcebergEvolutionTest extends EvolutionContract {
  IcebergEvolutionTest() {
    super(TableFormat.ICEBERG);
  }
}
