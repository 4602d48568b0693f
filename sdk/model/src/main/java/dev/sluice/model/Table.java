package dev.sluice.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A dataset that outlives the jobs feeding it. Immutable: every method answers a new value.
 *
 * @param name {@code namespace.table}, unique in the lake
 * @param comment what the table holds; may be empty
 * @param format how its rows lie on storage
 * @param columns its columns, in order
 * @param key the columns that identify a row; empty where there is no key
 * @param partitions what splits it on storage, each as {@link Partition#text()} says; empty where
 *     it is not split
 * @param suite the suite that every run into this table must pass; null for none, see {@link
 *     #suiteName()}
 * @param evolution how its columns may change; null where nothing was said, see {@link #evolves()}
 * @param maintenance what keeps it in order; empty where nobody does
 * @param encryption with which keys its files are encrypted; null where they are not, see {@link
 *     #encrypts()}
 * @param tags what catalogs are told of it beside its comment, by the tag's name
 * @param formatVersion the version of its format's specification; null for the usual one
 */
public record Table(
    String name,
    String comment,
    TableFormat format,
    List<Column> columns,
    List<String> key,
    List<String> partitions,
    String suite,
    Evolution evolution,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Maintenance> maintenance,
    @JsonInclude(JsonInclude.Include.NON_NULL) Encryption encryption,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> tags,
    @JsonInclude(JsonInclude.Include.NON_NULL) Integer formatVersion) {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*\\.[a-z][a-z0-9_]*");
  private static final Pattern TAG = Pattern.compile("[a-z][a-z0-9_.-]*");

  /** Checks the name and copies the lists. */
  public Table {
    if (!NAME.matcher(name).matches()) {
      throw SluiceException.config(
          "Cannot declare table '%s': names have the form namespace.table in lower case. Rename it",
          name);
    }
    columns = List.copyOf(columns);
    key = List.copyOf(key);
    partitions = List.copyOf(partitions);
    maintenance = List.copyOf(maintenance);
    tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
  }

  /** Starts an Iceberg table. */
  public static Table iceberg(String name) {
    return of(TableFormat.ICEBERG, name);
  }

  /**
   * A Delta table with a full name such as {@code "nyc.trips"}; needs the module {@code
   * sluice-connect-delta}.
   */
  public static Table delta(String name) {
    return of(TableFormat.DELTA, name);
  }

  /** Starts a table of Parquet files in Hive-style partition folders. */
  public static Table parquet(String name) {
    return of(TableFormat.PARQUET, name);
  }

  /** Starts a table of ORC files in Hive-style partition folders. */
  public static Table orc(String name) {
    return of(TableFormat.ORC, name);
  }

  /** Starts a table of Avro files in Hive-style partition folders. */
  public static Table avro(String name) {
    return of(TableFormat.AVRO, name);
  }

  /** Starts a table of a format. */
  public static Table of(TableFormat format, String name) {
    return new Table(
        name, "", format, List.of(), List.of(), List.of(), null, null, List.of(), null, Map.of(),
        null);
  }

  /** The same table but for what is changed. */
  private Table with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.made();
  }

  /**
   * Says by which version of Iceberg's specification the table is written: 2, as by default, or 3,
   * which fewer engines read. A table of version 2 is lifted to 3 when it is registered, and never
   * set back.
   */
  public Table formatVersion(int version) {
    if (format != TableFormat.ICEBERG || version < 2 || version > 3) {
      throw SluiceException.config(
          "Cannot declare table %s: there is no version %d of %s tables to be written. Leave it out,"
              + " or use 2 or 3 with an Iceberg table",
          name, version, format.word());
    }
    return with(draft -> draft.formatVersion = version);
  }

  /** Says what the table holds. */
  public Table describedAs(String text) {
    return with(draft -> draft.comment = text);
  }

  /** Tells catalogs of the table, e.g. who owns it: {@code tag("owner", "shop")}. */
  public Table tag(String tag, String value) {
    if (!TAG.matcher(tag).matches() || value.isBlank()) {
      throw SluiceException.config(
          "Cannot declare table %s: '%s' = '%s' is no tag. Its name is of a to z, 0 to 9, _, . and -,"
              + " and its value is not blank",
          name, tag, value);
    }
    Map<String, String> more = new TreeMap<>(tags);
    if (more.put(tag, value) != null) {
      throw SluiceException.config(
          "Cannot declare table %s: tag '%s' stands twice. Remove one", name, tag);
    }
    return with(draft -> draft.tags = more);
  }

  /** Adds a column. */
  public Table column(String columnName, String type, String columnComment) {
    if (columnNames().contains(columnName)) {
      throw SluiceException.config(
          "Cannot declare table %s: column '%s' stands twice. Remove one", name, columnName);
    }
    List<Column> more = new ArrayList<>(columns);
    more.add(new Column(columnName, type, columnComment));
    ColumnNames.collisions(more.stream().map(Column::name).toList())
        .ifPresent(
            pairs -> {
              throw SluiceException.config(
                  "Cannot declare table %s: columns %s cannot be told apart by catalogs. Rename"
                      + " one",
                  name, pairs);
            });
    return with(draft -> draft.columns = more);
  }

  /** Adds a column that explains itself. */
  public Table column(String columnName, String type) {
    return column(columnName, type, "");
  }

  /** The same table without one of its columns. */
  Table without(String columnName) {
    List<Column> others = columns.stream().filter(c -> !c.name().equals(columnName)).toList();
    return withColumns(others);
  }

  /** Names the columns that identify a row. */
  public Table key(String... names) {
    return with(draft -> draft.key = known("key", names));
  }

  /** Splits the table on storage by the values of these columns. */
  public Table partitionedBy(String... names) {
    return with(draft -> draft.partitions = known("partition", names));
  }

  /** Splits the table on storage by the values of columns, or by what is made of them. */
  public Table partitionedBy(Partition first, Partition... more) {
    List<Partition> by = Stream.concat(Stream.of(first), Arrays.stream(more)).toList();
    known("partition", by.stream().map(Partition::column).toArray(String[]::new));
    by.forEach(this::requireFits);
    List<String> texts = by.stream().map(Partition::text).toList();
    return with(draft -> draft.partitions = texts);
  }

  /** What splits the table on storage. */
  public List<Partition> partitioning() {
    return partitions.stream().map(Partition::parse).toList();
  }

  /** Names the suite that every run into this table must pass. */
  public Table checkedBy(String suiteName) {
    return with(draft -> draft.suite = suiteName);
  }

  /** Says how its columns may change. */
  public Table evolving(Evolution how) {
    how.renames()
        .forEach(
            (from, to) -> {
              known("rename", to);
              if (columnNames().contains(from)) {
                throw SluiceException.config(
                    "Cannot declare table %s: column '%s' is renamed to '%s' and still declared."
                        + " Remove one of both",
                    name, from, to);
              }
            });
    return with(draft -> draft.evolution = how);
  }

  /** How its columns may change. */
  public Evolution evolves() {
    return evolution == null ? Evolution.additive() : evolution;
  }

  /**
   * Encrypts its files.
   *
   * @throws SluiceException of kind CONFIG where a key is for a column that has nothing in the
   *     files, or whose values are nested
   */
  public Table encrypted(Encryption how) {
    for (String column : known("encryption", how.columns().keySet().toArray(String[]::new))) {
      boolean nested =
          columns.stream().anyMatch(c -> c.name().equals(column) && c.type().contains("<"));
      if (nested || partitions.contains(column)) {
        throw SluiceException.config(
            "Cannot declare table %s: column '%s' cannot have a key of its own, because its values %s",
            name,
            column,
            nested
                ? "are nested. Leave it to the key of the footer"
                : "stand in the names of folders. Do not partition by what is secret");
      }
    }
    return with(draft -> draft.encryption = how);
  }

  /** With which keys its files are encrypted. */
  public Optional<Encryption> encrypts() {
    return Optional.ofNullable(encryption);
  }

  /** The same table with other columns; for tables that are made from others. */
  public Table withColumns(List<Column> others) {
    return with(draft -> draft.columns = others);
  }

  /** Says what keeps the table in order, each kind of step at most once. */
  public Table maintenance(Maintenance... steps) {
    Set<String> kinds = new HashSet<>();
    for (Maintenance step : steps) {
      if (!kinds.add(step.step())) {
        throw SluiceException.config(
            "Cannot declare table %s: its maintenance has %s twice. Remove one", name, step.step());
      }
      if (step instanceof Maintenance.Compaction compaction) {
        known("maintenance", compaction.by().toArray(String[]::new));
      }
      if (step instanceof Maintenance.Retention retention) {
        requireDated("dropped", retention.partition());
      }
      if (step instanceof Maintenance.Tiering tiering) {
        requireDated("tiered", tiering.partition());
      }
      if (step instanceof Maintenance.Statistics statistics) {
        known("maintenance", statistics.columns().toArray(String[]::new));
      }
    }
    return with(draft -> draft.maintenance = List.of(steps));
  }

  private void requireDated(String what, String column) {
    known("maintenance", column);
    boolean dated =
        columns.stream()
            .filter(found -> found.name().equals(column))
            .anyMatch(found -> found.type().equals("date") || found.type().equals("timestamp"));
    if (!dated || timeOf(column).isEmpty()) {
      throw SluiceException.config(
          "Cannot declare table %s: rows are %s with partitions of type date or timestamp, or"
              + " of their year, month, day or hour, and '%s' has none. Partition the table by one"
              + " first",
          name, what, column);
    }
  }

  /** The partition that tells of a column of dates or timestamps when it was. */
  public Optional<Partition> timeOf(String column) {
    return partitioning().stream()
        .filter(partition -> partition.column().equals(column) && partition.isOfTime())
        .findFirst();
  }

  /** The table as it stands when the run starts. */
  public Source.TableRead latest() {
    return new Source.TableRead(this, Optional.empty());
  }

  /** The suite's name, if the table has one. */
  public Optional<String> suiteName() {
    return Optional.ofNullable(suite);
  }

  /** The part of the name before the dot. */
  public String namespace() {
    return name.substring(0, name.indexOf('.'));
  }

  /** The part of the name after the dot. */
  public String shortName() {
    return name.substring(name.indexOf('.') + 1);
  }

  /** The names of the columns, in order. */
  public List<String> columnNames() {
    return columns.stream().map(Column::name).toList();
  }

  private void requireFits(Partition partition) {
    if (partition.by() != Partition.By.VALUE && columnNames().contains(partition.name())) {
      throw SluiceException.config(
          "Cannot declare table %s: its partition %s is called '%s', as a column is. Rename the column",
          name, partition.text(), partition.name());
    }
    String type =
        columns.stream()
            .filter(column -> column.name().equals(partition.column()))
            .findFirst()
            .orElseThrow()
            .type();
    if (!partition.takes(type)) {
      throw SluiceException.config(
          "Cannot declare table %s: column '%s' is %s, of which there is no %s. Use another"
              + " partition, or another column",
          name, partition.column(), type, partition.text());
    }
  }

  private List<String> known(String role, String... names) {
    for (String wanted : names) {
      if (!columnNames().contains(wanted)) {
        throw SluiceException.config(
            "Cannot declare table %s: its %s names column '%s', which it does not have. %s",
            name, role, wanted, Nearest.hint(wanted, columnNames()));
      }
    }
    return List.of(names);
  }

  private static final class Draft {
    private final Table table;
    private String comment;
    private List<Column> columns;
    private List<String> key;
    private List<String> partitions;
    private String suite;
    private Evolution evolution;
    private List<Maintenance> maintenance;
    private Encryption encryption;
    private Map<String, String> tags;
    private Integer formatVersion;

    Draft(Table table) {
      this.table = table;
      this.comment = table.comment;
      this.columns = table.columns;
      this.key = table.key;
      this.partitions = table.partitions;
      this.suite = table.suite;
      this.evolution = table.evolution;
      this.maintenance = table.maintenance;
      this.encryption = table.encryption;
      this.tags = table.tags;
      this.formatVersion = table.formatVersion;
    }

    Table made() {
      return new Table(
          table.name,
          comment,
          table.format,
          columns,
          key,
          partitions,
          suite,
          evolution,
          maintenance,
          encryption,
          tags,
          formatVersion);
    }
  }
}
