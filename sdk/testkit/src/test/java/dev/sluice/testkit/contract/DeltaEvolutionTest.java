package dev.sluice.testkit.contract;

import dev.sluice.model.TableFormat;
import dev.sluice.testkit.SluiceTest;

@SluiceTest
class DeltaEvolutionTest extends EvolutionContract {
  DeltaEvolutionTest() {
    super(TableFormat.DELTA);
  }
}
