package dev.sluice.testkit.contract;

import dev.sluice.testkit.SluiceTest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

@Tag("long")
@SluiceTest
@EnabledIfEnvironmentVariable(named = TestCatalog.REST_URI, matches = ".+")
class IcebergRestFaultTest extends IcebergFaultTest {
  @BeforeEach
  void catalog() {
    TestCatalog.REST.keep(job);
  }

  @Override
  Map<String, String> settings() {
    Map<String, String> all = new LinkedHashMap<>(super.settings());
    all.putAll(TestCatalog.REST.settings());
    return all;
  }
}
