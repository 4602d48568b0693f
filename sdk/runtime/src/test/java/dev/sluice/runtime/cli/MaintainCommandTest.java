package dev.sluice.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Maintenance;
import dev.sluice.model.Receipt.MaintenanceStep;
import dev.sluice.model.Table;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class MaintainCommandTest {

  @Test
  void tellsOfEachStepWhatGoesAndWhatComes() {
    Duration week = Duration.ofDays(7);
    List<MaintenanceStep> steps =
        List.of(
            MaintenanceStep.dropped(Maintenance.dropOlderThan(week, "day"), 2, 3_000_000, 1_234),
            MaintenanceStep.rewritten(Maintenance.compact(), 1_200, 48_000_000, 2, 9_400_000),
            MaintenanceStep.expired(Maintenance.expireSnapshots(week), 12, 30, 7_000_000),
            MaintenanceStep.nothing(Maintenance.removeOrphans(week)));

    assertThat(MaintainCommand.text(Table.iceberg("shop.orders"), steps))
        .isEqualTo(
            """
            shop.orders (iceberg)
              drop-old          1,234 rows, 2 files (3.0 MB)
              compact           1,200 files (48.0 MB) → 2 files (9.4 MB)
              expire-snapshots  12 snapshots, 30 files (7.0 MB)
              remove-orphans    nothing to do
            """);
  }
}
