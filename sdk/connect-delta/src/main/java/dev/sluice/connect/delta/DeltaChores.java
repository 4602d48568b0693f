package dev.sluice.connect.delta;

import dev.sluice.model.Maintenance;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.runtime.lake.StorageTiering;
import dev.sluice.runtime.spi.Chore;
import dev.sluice.runtime.spi.LakeAccess;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.paths.SparkPath;
import org.apache.spark.sql.delta.actions.AddFile;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** What keeps Delta tables in order: Delta's own commands, with what they leave open decided. */
final class DeltaChores {
  private DeltaChores() {}

  static Chore of(LakeAccess lake, Table table, Maintenance step) {
    DeltaTarget.requireOneWriter(lake, table);
    if (step instanceof Maintenance.Compaction compaction) {
      requireOrderInside(table, compaction);
    }
    Optional<DeltaView> there = DeltaView.latest(lake, table);
    return there.isEmpty() ? Chore.nothing(step) : of(lake, table, there.get(), step);
  }

  private static Chore of(LakeAccess lake, Table table, DeltaView there, Maintenance step) {
    if (step instanceof Maintenance.Compaction compaction) {
      return new DeltaCompaction(lake, table, compaction);
    }
    if (step instanceof Maintenance.Retention retention) {
      return new DeltaRetention(lake, table, retention);
    }
    if (step instanceof Maintenance.Tiering tiering) {
      return new StorageTiering(lake, tiering, () -> oldFiles(lake, table, tiering));
    }
    Maintenance.OrphanRemoval removal = (Maintenance.OrphanRemoval) step;
    DeltaOrphans.requireRemembered(table, there, removal);
    return new DeltaOrphans(lake, table, removal);
  }

  private static List<String> oldFiles(LakeAccess lake, Table table, Maintenance.Tiering step) {
    Seq<AddFile> old =
        DeltaCommit.begin(lake, table)
            .filterFiles(DeltaRetention.old(step.partition(), step.age()), false);
    Path root = new Path(lake.location(table));
    return CollectionConverters.asJava(old).stream()
        .map(file -> new Path(root, SparkPath.fromUrlString(file.path()).toPath()).toString())
        .toList();
  }

  /** In a folder all rows have the same value of its column. */
  private static void requireOrderInside(Table table, Maintenance.Compaction step) {
    List<String> folders = step.by().stream().filter(table.partitions()::contains).toList();
    if (!folders.isEmpty()) {
      throw SluiceException.config(
          "Cannot maintain %s with compact: it is to be ordered by %s, which partitions it already."
              + " Order it by other columns",
          table.name(), String.join(", ", folders));
    }
  }
}
