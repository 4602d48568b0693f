package dev.sluice.connect.delta;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.Maintenance;
import dev.sluice.model.Receipt.MaintenanceStep;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.runtime.lake.MergeStaging;
import dev.sluice.runtime.lake.RunFolder;
import dev.sluice.runtime.spi.Chore;
import dev.sluice.runtime.spi.FailPoint;
import dev.sluice.runtime.spi.LakeAccess;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.delta.DeltaConfigs;
import org.apache.spark.unsafe.types.CalendarInterval;

/**
 * Removes files of a Delta table that its log no longer names, or has never named, and what runs
 * that merge have left in their staging folders.
 *
 * <p>Which they are is what Delta's VACUUM finds. When a file left the table stands in the log, for
 * as long as a property of the table says: a shorter time than the step's would take files too
 * early, so {@link DeltaDefinition} sets it.
 */
record DeltaOrphans(LakeAccess lake, Table table, Maintenance.OrphanRemoval step) implements Chore {

  /** Refuses the step where the log may have forgotten when a file left the table. */
  static void requireRemembered(Table table, DeltaView there, Maintenance.OrphanRemoval step) {
    Duration kept =
        Optional.ofNullable(there.properties().get(DeltaDefinition.FILES_KEPT))
            .map(DeltaOrphans::duration)
            .orElse(Duration.ofDays(7)); // Delta's default
    if (kept.compareTo(step.age()) < 0) {
      throw SluiceException.config(
          "Cannot maintain %s with remove-orphans after %s: its log forgets after %s when a file"
              + " left the table. Run sluice register or the job that writes it, which sets %s",
          table.name(), step.age(), kept, DeltaDefinition.FILES_KEPT);
    }
  }

  private static Duration duration(String interval) {
    CalendarInterval parsed = DeltaConfigs.parseCalendarInterval(interval);
    return Duration.ofMillis(DeltaConfigs.getMilliSeconds(parsed));
  }

  @Override
  public MaintenanceStep plan() {
    return told(found().stream().filter(FileStatus::isFile).toList(), stagings());
  }

  @Override
  public MaintenanceStep run(String runId) {
    List<FileStatus> found = found();
    found.forEach(this::remove);
    List<RunFolder> stagings = stagings();
    stagings.forEach(folder -> folder.remove(lake.hadoop()));
    return told(found.stream().filter(FileStatus::isFile).toList(), stagings);
  }

  /** Files, and folders that are empty by now. */
  private List<FileStatus> found() {
    String statement = "VACUUM " + DeltaCommand.named(lake, table) + " DRY RUN";
    // By default it lists folders with ten thousand tasks, however few they are.
    String tasks = lake.spark().conf().get("spark.sql.shuffle.partitions");
    List<Row> found =
        DeltaCommand.run(
            lake,
            Map.of("spark.sql.sources.parallelPartitionDiscovery.parallelism", tasks),
            Observed.failing(),
            () -> lake.spark().sql(statement).collectAsList());
    return found.stream()
        .map(row -> status(new Path(row.getString(0))))
        .flatMap(Optional::stream)
        .toList();
  }

  private Optional<FileStatus> status(Path path) {
    try {
      return Optional.of(files(path).getFileStatus(path));
    } catch (FileNotFoundException e) {
      return Optional.empty(); // another run has removed it
    } catch (IOException e) {
      throw unreachable("read", path, e);
    }
  }

  private void remove(FileStatus orphan) {
    Path path = orphan.getPath();
    try {
      boolean filled = orphan.isDirectory() && files(path).listStatus(path).length > 0;
      if (!filled) {
        files(path).delete(path, false);
      }
      FailPoint.BETWEEN_POINTERS.hit();
    } catch (FileNotFoundException e) {
      System.getLogger(DeltaOrphans.class.getName()).log(System.Logger.Level.DEBUG, "gone", e);
    } catch (IOException e) {
      throw unreachable("remove", path, e);
    }
  }

  private FileSystem files(Path path) throws IOException {
    return path.getFileSystem(lake.hadoop());
  }

  private SluiceException unreachable(String verb, Path path, IOException e) {
    return new SluiceException(
        ErrorKind.INFRA,
        String.format(
            "Cannot %s %s: %s. Check the rights on that place and run again",
            verb, path, e.getMessage()),
        e);
  }

  private List<RunFolder> stagings() {
    return MergeStaging.left(lake, table, step.age());
  }

  private MaintenanceStep told(List<FileStatus> files, List<RunFolder> stagings) {
    return MaintenanceStep.removed(
        step,
        files.size() + stagings.stream().mapToLong(RunFolder::files).sum(),
        files.stream().mapToLong(FileStatus::getLen).sum()
            + stagings.stream().mapToLong(RunFolder::bytes).sum());
  }
}
