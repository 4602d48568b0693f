package dev.sluice.testkit.contract;

import dev.sluice.model.TableFormat;
import dev.sluice.testkit.SluiceTest;
import org.junit.jupiter.api.Tag;

@Tag("iceberg")
@SluiceTest
class IcebergEvolutionTest extends EvolutionContract {
  IcebergEvolutionTest() {
    super(TableFormat.ICEBERG);
  }
}
