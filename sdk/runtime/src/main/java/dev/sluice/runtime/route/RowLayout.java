package dev.sluice.runtime.route;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.types.StructType;

/**
 * Where things stand in a row that is being routed: first the table's columns, then the text of an
 * unreadable record, then the words of failed bits, then the words of missing bits.
 *
 * @param columns the table's columns
 * @param words how many words of each sort
 * @param quarantineMask in each word, the bits whose failure sends a row to quarantine
 * @param reasonIds the id of each bit
 */
public record RowLayout(
    StructType columns, int words, List<Long> quarantineMask, List<String> reasonIds)
    implements Serializable {

  /** The column with the text of a record that could not be parsed. */
  public static final String RAW = "_sluice_raw";

  /** The reason of a row that could not be parsed. */
  public static final String UNREADABLE = "source_record_is_readable";

  /** The name of a word of failed bits. */
  public static String failed(int word) {
    return "_sluice_failed_" + word;
  }

  /** The name of a word of missing bits. */
  public static String missing(int word) {
    return "_sluice_missing_" + word;
  }

  int raw() {
    return columns.size();
  }

  int bits() {
    return columns.size() + 1;
  }
}
