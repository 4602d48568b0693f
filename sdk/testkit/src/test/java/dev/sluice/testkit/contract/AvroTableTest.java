package dev.sluice.testkit.contract;

import dev.sluice.model.TableFormat;
import dev.sluice.testkit.SluiceTest;

@SluiceTest
class AvroTableTest extends TableContract {
  AvroTableTest() {
    super(TableFormat.AVRO);
  }
}
