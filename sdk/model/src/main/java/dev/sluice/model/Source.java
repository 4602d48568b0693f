package dev.sluice.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Something that a job reads. */
public sealed interface Source {

  /** CSV files with a header line; {@code uri} may hold {@code ${setting}} placeholders. */
  static Csv csv(String uri) {
    return new Csv(uri, "", List.of(), List.of());
  }

  /**
   * CSV files with a header line.
   *
   * @param uri file, folder or pattern; {@code ${name}} stands for the setting {@code name}
   * @param nullValue the text that stands for a missing value; empty for the empty text
   * @param columns the columns to read with their types; empty in an {@code Extract}, which takes
   *     those of its table
   * @param except the columns of the table that the job makes itself
   */
  record Csv(String uri, String nullValue, List<Column> columns, List<String> except)
      implements Source {
    /** Copies the lists. */
    public Csv {
      columns = List.copyOf(columns);
      except = List.copyOf(except);
    }

    /** Names the text that stands for a missing value. */
    public Csv nullValue(String text) {
      return new Csv(uri, text, columns, except);
    }

    /** Reads one more column, by its name in the header. */
    public Csv column(String name, String type) {
      List<Column> more = new ArrayList<>(columns);
      more.add(new Column(name, type, ""));
      return new Csv(uri, nullValue, more, except);
    }

    /** Names columns of the table that the files do not have, because the job makes them. */
    public Csv except(String... names) {
      return new Csv(uri, nullValue, columns, List.of(names));
    }
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
