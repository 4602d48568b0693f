package dev.sluice.testkit.contract;

import dev.sluice.testkit.SluiceTest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

@Tag("long")
@SluiceTest
@EnabledIfEnvironmentVariable(named = TestCatalog.HIVE_URI, matches = ".+")
class ParquetHiveFaultTest extends ParquetFaultTest {
  @BeforeEach
  void catalog() {
    TestCatalog.HIVE.keep(job);
  }

  @Override
  Map<String, String> settings() {
    Map<String, String> all = new LinkedHashMap<>(super.settings());
    all.putAll(TestCatalog.HIVE.settings());
    return all;
  }

  /** Each pointer is switched for itself; all are once the run was done again. */
  @Override
  String[] publishedBetweenPointers() {
    return AFTER;
  }
}
