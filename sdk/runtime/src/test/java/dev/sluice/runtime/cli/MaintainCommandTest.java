package dev.sluice.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.model.JobSpec;
import dev.sluice.model.Maintenance;
import dev.sluice.model.Maintenance.StorageClass;
import dev.sluice.model.Receipt.MaintenanceStep;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.runtime.bind.Settings;
import dev.sluice.runtime.engine.Jobs;
import dev.sluice.runtime.engine.MaintenanceRun;
import dev.sluice.runtime.engine.RunRequest;
import dev.sluice.runtime.lake.AuditLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaintainCommandTest {

  @Test
  void tellsOfEachStepWhatGoesAndWhatComes() {
    Duration week = Duration.ofDays(7);
    List<MaintenanceStep> steps =
        List.of(
            MaintenanceStep.dropped(Maintenance.dropOlderThan(week, "day"), 2, 3_000_000, 1_234),
            MaintenanceStep.rewritten(Maintenance.compact(), 1_200, 48_000_000, 2, 9_400_000),
            MaintenanceStep.rewritten(
                Maintenance.tier(week, "day", StorageClass.STANDARD_IA), 0, 0, 3, 6_000_000),
            MaintenanceStep.expired(Maintenance.expireSnapshots(week), 12, 30, 7_000_000),
            MaintenanceStep.nothing(Maintenance.removeOrphans(week)),
            MaintenanceStep.rewritten(Maintenance.compact(), 12, 48_000, 1, 9_400)
                .of(Table.iceberg("shop.orders_metrics")));

    assertThat(MaintainCommand.text(Table.iceberg("shop.orders"), steps))
        .isEqualTo(
            """
            shop.orders (iceberg)
              drop-old          1,234 rows, 2 files (3.0 MB)
              compact           1,200 files (48.0 MB) → 2 files (9.4 MB)
              tier              3 files (6.0 MB)
              expire-snapshots  12 snapshots, 30 files (7.0 MB)
              remove-orphans    nothing to do
            shop.orders_metrics
              compact           12 files (0.0 MB) → 1 files (0.0 MB)
            """);
  }

  @Test
  void theAuditLogIsMaintainedByItsName(@TempDir Path folder) {
    Jobs none = Jobs.of(List.of());
    Map<String, String> lake = Map.of("lake.warehouse", folder.toUri().toString());
    Supplier<Table> log =
        () ->
            AuditLog.maintained(
                Settings.collect(
                        JobSpec.NoSettings.class,
                        Optional.empty(),
                        Optional.empty(),
                        Map.of(),
                        lake)
                    .lake());

    Jobs.Written found = none.table("sluice.receipts", log);

    RunRequest request =
        new RunRequest(
            MaintenanceRun.name(found.table()),
            Optional.empty(),
            lake,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of());
    assertThat(MaintenanceRun.plan(request, found))
        .filteredOn(step -> step.table().isEmpty())
        .extracting(MaintenanceStep::step)
        .containsExactly("compact", "expire-snapshots", "remove-orphans");
    assertThatExceptionOfType(SluiceException.class)
        .isThrownBy(() -> none.table("sluice.recipes", log))
        .withMessageStartingWith(
            "Cannot maintain 'sluice.recipes': no table of this image and no job that writes one"
                + " is called so.");
  }
}
