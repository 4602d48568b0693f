package dev.sluice.testkit.contract;

import dev.sluice.testkit.SluiceTest;

@SluiceTest
class SqliteMergeTest extends DatabaseMergeContract {
  @Override
  TestDatabase open() {
    return TestDatabase.sqlite(job.folder());
  }
}
