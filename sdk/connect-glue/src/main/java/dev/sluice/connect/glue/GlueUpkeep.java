package dev.sluice.connect.glue;

import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.runtime.spi.HiveLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.AlreadyExistsException;
import software.amazon.awssdk.services.glue.model.EntityNotFoundException;
import software.amazon.awssdk.services.glue.model.KeySchemaElement;
import software.amazon.awssdk.services.glue.model.PartitionIndexDescriptor;
import software.amazon.awssdk.services.glue.model.PartitionIndexStatus;

/** What Glue keeps beside a table's entry: an index of its partitions, and older versions. */
final class GlueUpkeep {
  /** The most indexes that a table can have. */
  static final int INDEXES = 3;

  /** The most versions that are deleted at once, one call each. */
  static final int DELETED = 100;

  private static final String INDEX = "sluice";

  private final GlueClient glue;
  private final boolean indexed;
  private final int versions;

  /**
   * What is to be kept.
   *
   * @param indexed whether partitions have an index
   * @param versions how many older versions of an entry stay
   */
  GlueUpkeep(GlueClient glue, boolean indexed, int versions) {
    if (versions < 0) {
      throw SluiceException.config(
          "Cannot use %d as lake.glue.versions: it is less than 0. Give the number of older versions"
              + " that are to stay",
          versions);
    }
    this.glue = glue;
    this.indexed = indexed;
    this.versions = versions;
  }

  List<String> tend(Table table, boolean only) {
    List<String> done = new ArrayList<>();
    index(table, only).ifPresent(done::add);
    prune(table, only).ifPresent(done::add);
    return done;
  }

  /** Glue fills an index by itself, which may take hours: nobody waits for that. */
  private Optional<String> index(Table table, boolean only) {
    List<String> keys = HiveLayout.folders(table);
    if (!indexed || keys.isEmpty() || isIndexed(table, keys)) {
      return Optional.empty();
    }
    if (!only) {
      create(table, keys);
    }
    return Optional.of("index the partitions by " + String.join(", ", keys));
  }

  private boolean isIndexed(Table table, List<String> keys) {
    List<PartitionIndexDescriptor> there = indexes(table);
    boolean serves =
        there.stream()
            .filter(index -> index.indexStatus() != PartitionIndexStatus.FAILED)
            .map(index -> index.keys().stream().map(KeySchemaElement::name).toList())
            .anyMatch(keys::equals);
    if (!serves && there.size() >= INDEXES) {
      throw SluiceException.config(
          "Cannot index the partitions of %s in Glue: it has %d indexes, and a table can have no"
              + " more. Delete one, or set lake.glue.partition-index to false",
          table.name(), there.size());
    }
    return serves;
  }

  private List<PartitionIndexDescriptor> indexes(Table table) {
    try {
      return glue
          .getPartitionIndexesPaginator(
              r -> r.databaseName(table.namespace()).tableName(table.shortName()))
          .stream()
          .flatMap(page -> page.partitionIndexDescriptorList().stream())
          .toList();
    } catch (EntityNotFoundException e) {
      return List.of(); // a plan, and the table is not there yet
    }
  }

  private void create(Table table, List<String> keys) {
    try {
      glue.createPartitionIndex(
          r ->
              r.databaseName(table.namespace())
                  .tableName(table.shortName())
                  .partitionIndex(index -> index.indexName(INDEX).keys(keys)));
    } catch (AlreadyExistsException e) {
      // Another run was faster, which is all that was wanted.
    }
  }

  /** The oldest go first; the current version is none of them. */
  private Optional<String> prune(Table table, boolean only) {
    List<String> old =
        older(table).stream().skip(versions).sorted(byNumber()).limit(DELETED).toList();
    if (old.isEmpty()) {
      return Optional.empty();
    }
    if (!only) {
      old.forEach(version -> delete(table, version));
    }
    return Optional.of("delete " + old.size() + " old versions of the entry");
  }

  /** The versions that are not the current one, newest first. */
  private List<String> older(Table table) {
    try {
      return glue
          .getTableVersionsPaginator(
              r -> r.databaseName(table.namespace()).tableName(table.shortName()))
          .stream()
          .flatMap(page -> page.tableVersions().stream())
          .map(version -> version.versionId())
          .sorted(byNumber().reversed())
          .skip(1)
          .toList();
    } catch (EntityNotFoundException e) {
      return List.of(); // a plan, and the table is not there yet
    }
  }

  private static Comparator<String> byNumber() {
    return Comparator.comparingLong(Long::parseLong);
  }

  private void delete(Table table, String version) {
    try {
      glue.deleteTableVersion(
          r -> r.databaseName(table.namespace()).tableName(table.shortName()).versionId(version));
    } catch (EntityNotFoundException e) {
      // Another run was faster.
    }
  }
}
