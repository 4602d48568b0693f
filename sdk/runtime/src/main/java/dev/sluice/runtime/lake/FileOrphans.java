package dev.sluice.runtime.lake;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.sluice.model.ErrorKind;
import dev.sluice.model.Json;
import dev.sluice.model.Maintenance;
import dev.sluice.model.Receipt.MaintenanceStep;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.runtime.spi.Chore;
import dev.sluice.runtime.spi.FileCatalog.Entry;
import dev.sluice.runtime.spi.LakeAccess;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Removes folders of runs that no pointer of the catalog names.
 *
 * <p>When a folder lost its pointer stands nowhere: a reader may have begun to read it a moment
 * before. So this is done in two passes: one notes which folders have no pointer, and a later one
 * removes those that had been noted long enough before, and have none yet.
 */
record FileOrphans(LakeAccess lake, Table table, Maintenance.OrphanRemoval step) implements Chore {
  private static final TypeReference<Map<String, Long>> NOTES = new TypeReference<>() {};

  @Override
  public MaintenanceStep plan() {
    return told(due(orphans(), noted()));
  }

  @Override
  public MaintenanceStep run(String runId) {
    List<RunFolder> orphans = orphans();
    Map<String, Long> before = noted();
    List<RunFolder> due = due(orphans, before);
    due.forEach(folder -> folder.remove(lake.hadoop()));
    Map<String, Long> notes = new TreeMap<>();
    orphans.stream()
        .filter(folder -> !due.contains(folder))
        .forEach(
            folder ->
                notes.put(
                    folder.place(),
                    before.getOrDefault(folder.place(), System.currentTimeMillis())));
    if (!notes.equals(before)) {
      note(notes);
    }
    return told(due);
  }

  private MaintenanceStep told(List<RunFolder> folders) {
    return MaintenanceStep.removed(
        step,
        folders.stream().mapToLong(RunFolder::files).sum(),
        folders.stream().mapToLong(RunFolder::bytes).sum());
  }

  /** Folders that have no pointer; the pointers are asked for last, for a run may set one. */
  private List<RunFolder> orphans() {
    Optional<Entry> entry = lake.files().find(table);
    if (entry.isEmpty()) {
      return List.of();
    }
    List<RunFolder> folders =
        RunFolder.below(lake.location(table), table.partitions().size(), lake.hadoop());
    Set<String> named = new HashSet<>();
    lake.files().find(table).ifPresent(found -> named.add(place(found.location())));
    lake.files().partitions(table).forEach(found -> named.add(place(found.location())));
    return folders.stream().filter(folder -> !named.contains(folder.place())).toList();
  }

  private static String place(String location) {
    return new Path(location).toUri().getPath();
  }

  private List<RunFolder> due(List<RunFolder> orphans, Map<String, Long> notes) {
    long cutoff = System.currentTimeMillis() - step.age().toMillis();
    return orphans.stream()
        .filter(folder -> folder.newest() < cutoff)
        .filter(folder -> notes.getOrDefault(folder.place(), Long.MAX_VALUE) < cutoff)
        .toList();
  }

  private Path file() {
    return new Path(lake.warehouse() + "/_sluice/maintenance/" + table.name() + ".json");
  }

  private Map<String, Long> noted() {
    try {
      FileSystem files = file().getFileSystem(lake.hadoop());
      try (InputStream in = files.open(file())) {
        return Json.mapper().readValue(in, NOTES);
      }
    } catch (FileNotFoundException e) {
      return Map.of();
    } catch (IOException e) {
      throw unusable("read", e);
    }
  }

  private void note(Map<String, Long> notes) {
    try {
      FileSystem files = file().getFileSystem(lake.hadoop());
      try (OutputStream out = files.create(file(), true)) {
        Json.mapper().writeValue(out, notes);
      }
    } catch (IOException e) {
      throw unusable("write", e);
    }
  }

  private SluiceException unusable(String verb, IOException e) {
    return new SluiceException(
        ErrorKind.INFRA,
        String.format(
            "Cannot %s %s: %s. Remove it: orphans are noted anew, and removed later",
            verb, file(), e.getMessage()),
        e);
  }
}
