package dev.sluice.runtime.lake;

import dev.sluice.model.Maintenance;
import dev.sluice.model.Table;
import dev.sluice.runtime.spi.LakeConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A table that Sluice keeps beside another: its rejected rows, or the figures of its runs.
 *
 * @param steps what keeps it in order, which nobody declares
 */
public record Companion(Table table, List<Maintenance> steps) {
  private static final Duration WEEK = Duration.ofDays(7);

  /** Few files, without those that nobody can need any more. */
  static List<Maintenance> usual(LakeConfig config) {
    List<Maintenance> steps = new ArrayList<>(removals(config));
    steps.add(Maintenance.compact());
    return steps;
  }

  /** A week's snapshots stay; those of longer where runs and readers take longer. */
  static List<Maintenance> removals(LakeConfig config) {
    Duration longest = config.lakeLongestRun();
    Duration age = longest.compareTo(WEEK) > 0 ? longest : WEEK;
    return List.of(Maintenance.expireSnapshots(age), Maintenance.removeOrphans(age));
  }
}
