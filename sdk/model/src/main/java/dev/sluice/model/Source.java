package dev.sluice.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Something that a job reads. */
public sealed interface Source {

  /** CSV files with a header line; {@code uri} may hold {@code ${setting}} placeholders. */
  static Csv csv(String uri) {
    return new Csv(uri, "", List.of(), List.of(), LineBreaks.END_RECORDS);
  }

  /** Files with a JSON object on each line; {@code uri} may hold placeholders. */
  static JsonLines json(String uri) {
    return new JsonLines(uri, List.of(), List.of());
  }

  /** Parquet files; {@code uri} may hold placeholders. */
  static Columnar parquet(String uri) {
    return new Columnar(FileKind.PARQUET, uri, List.of(), List.of());
  }

  /** ORC files; {@code uri} may hold placeholders. */
  static Columnar orc(String uri) {
    return new Columnar(FileKind.ORC, uri, List.of(), List.of());
  }

  /** Avro files; {@code uri} may hold placeholders. */
  static Columnar avro(String uri) {
    return new Columnar(FileKind.AVRO, uri, List.of(), List.of());
  }

  /** Files outside the lake whose columns are found by their names. */
  sealed interface Files extends Source {
    /** File, folder or pattern; {@code ${name}} stands for the setting {@code name}. */
    String uri();

    /**
     * The columns to read with their types; empty in an {@code Extract}, which takes those of its
     * table.
     */
    List<Column> columns();

    /** The columns of the table that the job makes itself. */
    List<String> except();

    /** The word for this kind of file, as in the manifest. */
    String kind();
  }

  /** Files of records that are text, so that one record may be unreadable and the next is not. */
  sealed interface Text extends Files {}

  /** What a line break within quotes means. */
  enum LineBreaks {
    /** It ends the record, which is then unreadable: its quote is never closed. */
    END_RECORDS,
    /** It is part of the value. */
    MAY_BE_QUOTED
  }

  /**
   * CSV files with a header line.
   *
   * @param uri file, folder or pattern; {@code ${name}} stands for the setting {@code name}
   * @param nullValue the text that stands for a missing value; empty for the empty text
   * @param columns the columns to read with their types; empty in an {@code Extract}, which takes
   *     those of its table
   * @param except the columns of the table that the job makes itself
   * @param lineBreaks what a line break within quotes means
   */
  record Csv(
      String uri,
      String nullValue,
      List<Column> columns,
      List<String> except,
      LineBreaks lineBreaks)
      implements Text {
    /** Copies the lists. */
    public Csv {
      columns = List.copyOf(columns);
      except = List.copyOf(except);
    }

    /** Names the text that stands for a missing value. */
    public Csv nullValue(String text) {
      return new Csv(uri, text, columns, except, lineBreaks);
    }

    /** Reads one more column, by its name in the header. */
    public Csv column(String name, String type) {
      return new Csv(uri, nullValue, with(columns, name, type), except, lineBreaks);
    }

    /** Names columns of the table that the files do not have, because the job makes them. */
    public Csv except(String... names) {
      return new Csv(uri, nullValue, columns, List.of(names), lineBreaks);
    }

    /** Takes line breaks within quotes as part of the value; a file is then read by one task. */
    public Csv quotedLineBreaks() {
      return new Csv(uri, nullValue, columns, except, LineBreaks.MAY_BE_QUOTED);
    }

    @Override
    public String kind() {
      return "csv";
    }
  }

  /**
   * Files with a JSON object on each line.
   *
   * @param uri file, folder or pattern; {@code ${name}} stands for the setting {@code name}
   * @param columns the columns to read with their types; empty in an {@code Extract}, which takes
   *     those of its table
   * @param except the columns of the table that the job makes itself
   */
  record JsonLines(String uri, List<Column> columns, List<String> except) implements Text {
    /** Copies the lists. */
    public JsonLines {
      columns = List.copyOf(columns);
      except = List.copyOf(except);
    }

    /** Reads one more column, by its name in the objects; it is null where an object lacks it. */
    public JsonLines column(String name, String type) {
      return new JsonLines(uri, with(columns, name, type), except);
    }

    /** Names columns of the table that the files do not have, because the job makes them. */
    public JsonLines except(String... names) {
      return new JsonLines(uri, columns, List.of(names));
    }

    @Override
    public String kind() {
      return "json";
    }
  }

  /** A kind of file that knows the types of its columns. */
  enum FileKind {
    PARQUET,
    ORC,
    AVRO;

    /** The word for it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Files that know the types of their columns.
   *
   * @param format what the files are
   * @param uri file, folder or pattern; {@code ${name}} stands for the setting {@code name}
   * @param columns the columns to read; a file must have them, in just these types; empty in an
   *     {@code Extract}, which takes those of its table
   * @param except the columns of the table that the job makes itself
   */
  record Columnar(FileKind format, String uri, List<Column> columns, List<String> except)
      implements Files {
    /** Copies the lists. */
    public Columnar {
      columns = List.copyOf(columns);
      except = List.copyOf(except);
    }

    /** Reads one more column, by its name. */
    public Columnar column(String name, String type) {
      return new Columnar(format, uri, with(columns, name, type), except);
    }

    /** Names columns of the table that the files do not have, because the job makes them. */
    public Columnar except(String... names) {
      return new Columnar(format, uri, columns, List.of(names));
    }

    @Override
    public String kind() {
      return format.word();
    }
  }

  private static List<Column> with(List<Column> columns, String name, String type) {
    List<Column> more = new ArrayList<>(columns);
    more.add(new Column(name, type, ""));
    ColumnNames.collisions(more.stream().map(Column::name).toList())
        .ifPresent(
            pairs -> {
              throw SluiceException.config(
                  "Cannot declare what a source has: columns %s cannot be told apart. Remove one",
                  pairs);
            });
    return more;
  }

  /**
   * A table of the lake, pinned to what it holds when the run starts.
   *
   * @param table the table to read
   * @param within the time column that must fall into the run's interval, if any
   */
  record TableRead(Table table, Optional<String> within) implements Source {
    /** Reads only the rows whose time column falls into the run's interval. */
    public TableRead within(String timeColumn) {
      return new TableRead(table, Optional.of(timeColumn));
    }
  }
}
