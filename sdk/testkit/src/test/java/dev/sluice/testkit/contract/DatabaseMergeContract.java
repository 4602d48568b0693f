package dev.sluice.testkit.contract;

import dev.sluice.model.Capability;
import dev.sluice.model.Table;
import dev.sluice.model.TableFormat;
import dev.sluice.model.Write;
import dev.sluice.runtime.Job;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What every database promises: rows that change others by their key. */
abstract class DatabaseMergeContract extends MergeContract {
  private TestDatabase database;

  DatabaseMergeContract() {
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

  @Override
  Job into(Table table, Write write) {
    return new OrdersLoad(table, write);
  }

  @Override
  String named() {
    return OrdersLoad.NAME;
  }

  /** A sink has no quarantine. */
  @Override
  String strictSuite() {
    return "positive_or_nothing";
  }

  @Override
  String noReplay() {
    return "Cannot replay load-orders: it loads a sink, and a sink has no quarantine. Replay the job that"
        + " writes the table it reads";
  }
}
