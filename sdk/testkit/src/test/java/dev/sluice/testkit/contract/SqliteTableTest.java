package dev.sluice.testkit.contract;

import dev.sluice.testkit.SluiceTest;
import java.util.List;

@SluiceTest
class SqliteTableTest extends DatabaseContract {
  @Override
  TestDatabase open() {
    return TestDatabase.sqlite(job.folder());
  }

  @Override
  List<String> tables() {
    return database.ask("SELECT name FROM sqlite_master WHERE type = 'table'");
  }
}
