package dev.sluice.testkit.contract;

import dev.sluice.model.Capability;
import dev.sluice.model.TableFormat;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.spi.FailPoint;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every database promises: runs that die. */
abstract class DatabaseFaultContract extends FaultContract {
  private TestDatabase database;

  DatabaseFaultContract() {
    super(TableFormat.ICEBERG); // of declarations alone: no table of the lake is written
  }

  abstract TestDatabase open();

  @BeforeEach
  void database() {
    database = open();
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
