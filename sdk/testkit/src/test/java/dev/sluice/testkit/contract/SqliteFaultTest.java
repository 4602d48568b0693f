package dev.sluice.testkit.contract;

import dev.sluice.model.Capability;
import dev.sluice.model.TableFormat;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.spi.FailPoint;
import dev.sluice.testkit.SluiceTest;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@SluiceTest
@Tag("long")
class SqliteFaultTest extends FaultContract {
  private TestDatabase database;

  SqliteFaultTest() {
    super(TableFormat.ICEBERG); // of declarations alone: no table of the lake is written
  }

  @BeforeEach
  void database() {
    database = TestDatabase.sqlite(job.folder());
    job.set("jdbc-url", database.url());
  }

  @AfterEach
  void gone() {
    database.close();
  }

  @Override
  Map<String, String> settings() {
    return Databases.settings(super.settings(), database);
  }

  @Override
  boolean can(Capability capability) {
    return Databases.can(capability);
  }

  /** A sink has no quarantine. */
  @Override
  int rejected() {
    return 0;
  }

  /** All is changed and nothing committed. */
  @Test
  void aRunIsKilledWithinItsTransaction() {
    isKilledAndRunsAgain(FailPoint.BETWEEN_POINTERS);
  }

  @Override
  Job replaces() {
    return new Databases.Replaces();
  }

  @Override
  Job appends() {
    return new Databases.Appends();
  }

  @Override
  Job merges() {
    return new Databases.Merges();
  }
}
