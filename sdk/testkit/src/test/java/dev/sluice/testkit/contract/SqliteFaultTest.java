package dev.sluice.testkit.contract;

import dev.sluice.testkit.SluiceTest;
import org.junit.jupiter.api.Tag;

@SluiceTest
@Tag("long")
class SqliteFaultTest extends DatabaseFaultContract {
  @Override
  TestDatabase open() {
    return TestDatabase.sqlite(job.folder());
  }
}
