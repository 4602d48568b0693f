package dev.sluice.model;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One step that keeps a table in order; declared on the table, done by {@code sluice maintain}.
 * Immutable: every method answers a new value.
 */
@JsonPropertyOrder("step")
public sealed interface Maintenance {
  /** Nothing that is younger is ever removed: a run or a reader may need it. */
  Duration YOUNGEST = Duration.ofHours(24);

  /** Few large files in place of many small ones: about 128 MiB each, in no order. */
  static Compaction compact() {
    return new Compaction(128L << 20, Order.NONE, List.of());
  }

  /**
   * Forgets snapshots that have not been the table's current one for this long, and removes the
   * files that only they name.
   */
  static Expiry expireSnapshots(Duration age) {
    return new Expiry(age, 1);
  }

  /** Removes files that nothing names, and has not named for this long. */
  static OrphanRemoval removeOrphans(Duration age) {
    return new OrphanRemoval(age);
  }

  /**
   * Drops whole partitions whose day or instant, or all of them, lie longer ago than this.
   *
   * @param partition a column of type date or timestamp that partitions the table, by itself or by
   *     its year, month, day or hour
   */
  static Retention dropOlderThan(Duration age, String partition) {
    return new Retention(age, partition);
  }

  /**
   * Counts the different values of columns, by which engines choose how to join.
   *
   * @param columns all that hold one value each, where none is named
   */
  static Statistics statistics(String... columns) {
    return new Statistics(List.of(columns));
  }

  /**
   * Puts the files of partitions whose day or instant, or all of them, lie longer ago than this
   * into another class of storage, where they can be read as before; the lake must be on S3.
   *
   * @param partition as for {@link #dropOlderThan}
   */
  static Tiering tier(Duration age, String partition, StorageClass to) {
    return new Tiering(age, partition, to);
  }

  /** The word for this kind of step. */
  @JsonProperty("step")
  String step();

  /** What a table's format must be able to do for it. */
  Capability needed();

  /** How old what it removes must be; empty where no run and no reader can need it. */
  default Optional<Duration> guard() {
    return Optional.empty();
  }

  /** How rows lie in compacted files. */
  enum Order {
    /** As they come. */
    NONE,
    /** By the first column, then by the next. */
    SORT,
    /** Near each other where they are near in all columns. */
    Z_ORDER;

    /** The name in the manifest. */
    @JsonValue
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * Rewrites files into fewer.
   *
   * @param targetBytes how large a file is to be
   * @param order how rows lie in it
   * @param by the columns of the order
   */
  record Compaction(long targetBytes, Order order, List<String> by) implements Maintenance {
    private static final Pattern SIZE = Pattern.compile("([1-9]\\d{0,5})(Ki|Mi|Gi)");

    /** Copies the list. */
    public Compaction {
      by = List.copyOf(by);
    }

    /** Says how large a file is to be, such as {@code 256Mi}. */
    public Compaction toFilesOf(String size) {
      Matcher matcher = SIZE.matcher(size);
      if (!matcher.matches()) {
        throw SluiceException.config(
            "Cannot compact to files of '%s': that is not a size. Write it like 256Mi or 1Gi",
            size);
      }
      int shift = 10 * (1 + List.of("Ki", "Mi", "Gi").indexOf(matcher.group(2)));
      return new Compaction(Long.parseLong(matcher.group(1)) << shift, order, by);
    }

    /** Sorts rows by these columns, nulls first. */
    public Compaction sortedBy(String... columns) {
      return new Compaction(targetBytes, Order.SORT, List.of(columns));
    }

    /** Puts rows near each other that are near in all of these columns. */
    public Compaction zOrderedBy(String... columns) {
      return new Compaction(targetBytes, Order.Z_ORDER, List.of(columns));
    }

    @Override
    public String step() {
      return "compact";
    }

    @Override
    public Capability needed() {
      return switch (order) {
        case NONE -> Capability.COMPACTION;
        case SORT -> Capability.SORTED_COMPACTION;
        case Z_ORDER -> Capability.Z_ORDER;
      };
    }
  }

  /**
   * Forgets snapshots.
   *
   * @param age how long a snapshot must not have been the current one
   * @param keep how many of the last stay, however old
   */
  record Expiry(@JsonFormat(shape = JsonFormat.Shape.STRING) Duration age, int keep)
      implements Maintenance {
    /** Checks both. */
    public Expiry {
      old("expire snapshots", age);
      if (keep < 1) {
        throw SluiceException.config(
            "Cannot keep %d snapshots: the current one always stays. Give 1 or more", keep);
      }
    }

    /** Keeps so many of the last snapshots, however old. */
    public Expiry keepingAtLeast(int snapshots) {
      return new Expiry(age, snapshots);
    }

    @Override
    public String step() {
      return "expire-snapshots";
    }

    @Override
    public Capability needed() {
      return Capability.EXPIRY;
    }

    @Override
    public Optional<Duration> guard() {
      return Optional.of(age);
    }
  }

  /**
   * Removes files that nothing names.
   *
   * @param age how long nothing must have named them
   */
  record OrphanRemoval(@JsonFormat(shape = JsonFormat.Shape.STRING) Duration age)
      implements Maintenance {
    /** Checks the age. */
    public OrphanRemoval {
      old("remove orphans", age);
    }

    @Override
    public String step() {
      return "remove-orphans";
    }

    @Override
    public Capability needed() {
      return Capability.ORPHAN_REMOVAL;
    }

    @Override
    public Optional<Duration> guard() {
      return Optional.of(age);
    }
  }

  /**
   * Drops old partitions.
   *
   * @param age how long ago their day or instant must lie
   * @param partition the column
   */
  record Retention(@JsonFormat(shape = JsonFormat.Shape.STRING) Duration age, String partition)
      implements Maintenance {
    /** Checks the age. */
    public Retention {
      old("drop rows", age);
    }

    @Override
    public String step() {
      return "drop-old";
    }

    @Override
    public Capability needed() {
      return Capability.RETENTION;
    }
  }

  /**
   * Counts different values.
   *
   * @param columns of these columns; of all where there is none
   */
  record Statistics(List<String> columns) implements Maintenance {
    /** Copies the list. */
    public Statistics {
      columns = List.copyOf(columns);
    }

    @Override
    public String step() {
      return "statistics";
    }

    @Override
    public Capability needed() {
      return Capability.STATISTICS;
    }
  }

  /**
   * The classes of S3 whose objects can be read at once. Those of GLACIER and DEEP_ARCHIVE must be
   * restored first: a table that has files there cannot be read.
   */
  enum StorageClass {
    /** Cheaper to keep and dearer to read. */
    STANDARD_IA,
    /** The same in one zone only, with which it may be lost. */
    ONEZONE_IA,
    /** S3 chooses by how often an object is read. */
    INTELLIGENT_TIERING,
    /** The cheapest to keep of those that are read at once. */
    GLACIER_IR
  }

  /**
   * Moves files into another class of storage.
   *
   * @param age how long ago the day or instant of their partition must lie
   * @param partition the column
   * @param to the class
   */
  record Tiering(
      @JsonFormat(shape = JsonFormat.Shape.STRING) Duration age, String partition, StorageClass to)
      implements Maintenance {
    /** Checks the age. */
    public Tiering {
      old("tier files", age);
    }

    @Override
    public String step() {
      return "tier";
    }

    @Override
    public Capability needed() {
      return Capability.TIERING;
    }
  }

  private static void old(String what, Duration age) {
    if (age.compareTo(YOUNGEST) < 0) {
      throw SluiceException.config(
          "Cannot %s after %s: a run or a reader may still need what is younger than a day. Give"
              + " 24 hours or more",
          what, age);
    }
  }
}
