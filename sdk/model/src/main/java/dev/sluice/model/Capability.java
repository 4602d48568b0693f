package dev.sluice.model;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What tables of one format can do and those of another cannot. */
public enum Capability {
  /** Adds rows to those that are there. */
  APPEND("take append"),
  /** Replaces the partitions that the rows fall into. */
  REPLACE_PARTITIONS("take replace-partitions"),
  /** Replaces everything. */
  REPLACE_TABLE("take replace-table"),
  /** Changes rows by their key. */
  MERGE("take upsert, apply-changes and history"),
  /** Shows all of a run's rows at one moment, and keeps what was there before under an id. */
  SNAPSHOTS("keep snapshots"),
  /** Holds {@code tinyint} and {@code smallint}, by themselves or nested. */
  SMALL_INTEGERS("hold tinyint and smallint"),
  /** Holds maps whose keys are of any type. */
  MAPS_BY_ANY_KEY("hold maps whose keys are not string"),
  /** Takes columns of any name, spaces and dots included. */
  ANY_COLUMN_NAME("hold names with anything but letters a to z, digits and _"),
  /** Is partitioned by columns of any type that is not nested. */
  ANY_PARTITION_TYPE("be partitioned by float, double, timestamp or binary"),
  /** Is partitioned by what is made of a column. */
  PARTITION_TRANSFORMS("be partitioned by year, month, day, hour, bucket or truncate"),
  /** Takes other changes of its columns than new ones. */
  CHANGE_COLUMNS("rename, drop, widen and reorder columns, and take new fields inside them"),
  /** Holds every date and timestamp; without it, a run fails that has one of the few others. */
  EVERY_INSTANT("hold every date and timestamp"),
  /** Has its files rewritten into fewer while others write it. */
  COMPACTION("be compacted"),
  /** The same with rows that lie sorted. */
  SORTED_COMPACTION("be compacted sorted"),
  /** The same with rows that are near in several columns near each other. */
  Z_ORDER("be compacted in z-order"),
  /** Forgets old snapshots, and the files that only they name. */
  EXPIRY("expire snapshots"),
  /** Tells files that nothing names from those of running writers. */
  ORPHAN_REMOVAL("have orphans removed"),
  /** Drops partitions by their age. */
  RETENTION("drop rows by age"),
  /** Keeps how many different values its columns have. */
  STATISTICS("have the different values of columns counted"),
  /** Has the files of old partitions in a cheaper class of storage. */
  TIERING("be tiered by age, on S3"),
  /** Has its files encrypted, each column with a key of its own or the footer's. */
  ENCRYPTION("be encrypted");

  private static final Pattern SMALL_INTEGER =
      Pattern.compile("(^|[<,:])(tinyint|smallint)(?=$|[,>])");
  private static final Pattern OTHER_MAP_KEY = Pattern.compile("map<(?!string,)");
  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Pattern PLAIN_TYPE = Pattern.compile("[A-Za-z0-9_<>:,()]+");
  private static final Pattern FOLDER_TYPE =
      Pattern.compile("boolean|tinyint|smallint|int|bigint|decimal\\(.+\\)|string|date");

  private final String phrase;

  Capability(String phrase) {
    this.phrase = phrase;
  }

  /** What a table with this capability can do, to be read after "can" or "cannot". */
  public String phrase() {
    return phrase;
  }

  /** The formats that have it, by their names. */
  public List<String> formats() {
    return Arrays.stream(TableFormat.values())
        .filter(format -> format.can(this))
        .map(TableFormat::word)
        .toList();
  }

  /**
   * Refuses a table, and a write into it, for which the table's format is not made.
   *
   * @throws SluiceException of kind CONFIG that names the formats which are
   */
  public static void require(Table table, Write write) {
    of(write).orRefuse(table, write.word());
    table.maintenance().forEach(step -> require(table, step));
    table.encrypts().ifPresent(how -> ENCRYPTION.orRefuse(table, "encryption"));
    for (Partition partition : table.partitioning()) {
      if (partition.by() != Partition.By.VALUE) {
        PARTITION_TRANSFORMS.orRefuse(table, "partition " + partition.text());
      }
    }
    for (Column column : table.columns()) {
      String told = String.format("column '%s' %s", column.name(), column.type());
      if (SMALL_INTEGER.matcher(column.type()).find()) {
        SMALL_INTEGERS.orRefuse(table, told);
      }
      if (OTHER_MAP_KEY.matcher(column.type()).find()) {
        MAPS_BY_ANY_KEY.orRefuse(table, told);
      }
      if (!PLAIN_NAME.matcher(column.name()).matches()
          || !PLAIN_TYPE.matcher(column.type()).matches()) {
        ANY_COLUMN_NAME.orRefuse(table, told);
      }
      if (table.partitions().contains(column.name())
          && !FOLDER_TYPE.matcher(column.type()).matches()) {
        ANY_PARTITION_TYPE.orRefuse(table, "partition " + told);
      }
    }
  }

  /**
   * Refuses a step of maintenance for which the table's format is not made.
   *
   * @throws SluiceException of kind CONFIG that names the formats which are
   */
  public static void require(Table table, Maintenance step) {
    step.needed().orRefuse("maintain", table, step.step());
  }

  private static Capability of(Write write) {
    return switch (write.mode()) {
      case APPEND -> APPEND;
      case REPLACE_PARTITIONS -> REPLACE_PARTITIONS;
      case REPLACE_TABLE -> REPLACE_TABLE;
      case UPSERT, APPLY_CHANGES, HISTORY -> MERGE;
    };
  }

  /**
   * Refuses what a table's format is not made for.
   *
   * @param wanted what the table was declared or changed with
   * @throws SluiceException of kind CONFIG that names the formats which are
   */
  public void orRefuse(Table table, String wanted) {
    orRefuse("write", table, wanted);
  }

  private void orRefuse(String verb, Table table, String wanted) {
    if (!table.format().can(this)) {
      throw SluiceException.config(
          "Cannot %s %s with %s: %s tables cannot %s; those of other formats can: %s. Change"
              + " that, or the table's format",
          verb,
          table.name(),
          wanted,
          table.format().word(),
          phrase,
          formats().stream().collect(Collectors.joining(", ")));
    }
  }
}
