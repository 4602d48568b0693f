package dev.sluice.testkit.contract;

import static dev.sluice.testkit.SluiceAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Table;
import dev.sluice.model.TableFormat;
import dev.sluice.model.Write;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.lake.Lake;
import dev.sluice.testkit.SluiceTest;
import java.util.Set;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.Test;

/** Tables of version 3 of Iceberg's specification. */
@SluiceTest
class IcebergThreePublishTest extends PublishContract {
  IcebergThreePublishTest() {
    super(TableFormat.ICEBERG);
  }

  @Override
  Job into(Table table, Write write) {
    return super.into(table.formatVersion(3), write);
  }

  @Override
  Set<String> left() {
    return files();
  }

  @Test
  void aTableIsLiftedWhenItIsDeclaredSo() {
    assertThat(run(1, super.into(orders(), Write.append()), HEADER, "1,1.5,eu")).committed();
    assertThat(version()).isEqualTo(2);

    assertThat(run(2, into(orders(), Write.append()), HEADER, "2,2.5,eu"))
        .committed()
        .published(HEADER, "1,1.5,eu", "2,2.5,eu");

    assertThat(version()).isEqualTo(3);
    assertThat(run(3, super.into(orders(), Write.append()), HEADER, "3,3.5,eu")).committed();
    assertThat(version()).as("never set back").isEqualTo(3);
  }

  private int version() {
    try (Lake lake = Lake.open(settings())) {
      org.apache.iceberg.Table table =
          lake.iceberg().loadTable(TableIdentifier.of("shop", "orders"));
      return ((HasTableOperations) table).operations().current().formatVersion();
    }
  }
}
