package dev.sluice.testkit.contract;

import dev.sluice.model.Table;
import dev.sluice.model.TableFormat;
import dev.sluice.model.Write;
import dev.sluice.runtime.Job;
import dev.sluice.testkit.SluiceTest;

/** Rows of a table of version 3 of Iceberg's specification keep their number when others change. */
@SluiceTest
class IcebergThreeMergeTest extends MergeContract {
  IcebergThreeMergeTest() {
    super(TableFormat.ICEBERG);
  }

  @Override
  Job into(Table table, Write write) {
    return super.into(table.formatVersion(3), write);
  }
}
