package dev.sluice.testkit.contract;

import dev.sluice.testkit.SluiceTest;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

@SluiceTest
@EnabledIfEnvironmentVariable(
    named = TestDatabase.POSTGRES,
    matches = ".+",
    disabledReason = TestDatabase.NO_POSTGRES)
class PostgresFaultTest extends DatabaseFaultContract {
  @Override
  TestDatabase open() {
    return TestDatabase.postgres();
  }
}
