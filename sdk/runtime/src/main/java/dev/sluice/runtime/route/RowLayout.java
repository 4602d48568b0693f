package dev.sluice.runtime.route;

import dev.sluice.quality.RowNotes;
import dev.sluice.quality.SuitePlan;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Where things stand in a row that is being routed: first the table's columns, then the text of an
 * unreadable record, then where the row comes from, then the words of bits.
 *
 * @param columns the table's columns
 * @param quarantineMask in each word, the bits whose failure sends a row to quarantine
 * @param reasons who asks which bit
 * @param wanted what to note of each row
 * @param suite the fingerprint of the suite
 */
public record RowLayout(
    StructType columns,
    List<Long> quarantineMask,
    List<SuitePlan.Reason> reasons,
    RowNotes.Wanted wanted,
    String suite)
    implements Serializable {

  /** The column with the text of a record that could not be parsed. */
  public static final String RAW = "_sluice_raw";

  /** The column with the ids of every failed expectation. */
  public static final String REASONS = "_sluice_reasons";

  /** The column with the types of every failed expectation, in the order of their ids. */
  public static final String TYPES = "_sluice_types";

  /** The column with the run key. */
  public static final String RUN_KEY = "_sluice_run_key";

  /** The column with the time of rejection. */
  public static final String TIME = "_sluice_quarantined_at";

  /** The column with the file that the row was read from; null where several were joined. */
  public static final String SOURCE_FILE = "_sluice_source_file";

  /** The column with the offset in bytes of the part of that file which holds the row. */
  public static final String SOURCE_POSITION = "_sluice_source_position";

  /** The column with the fingerprint of the suite. */
  public static final String SUITE = "_sluice_suite";

  /** The column with the run key of the replay that published the row after all. */
  public static final String REPLAYED_BY = "_sluice_replayed_by";

  /** The reason of a row that could not be parsed. */
  public static final String UNREADABLE = "source_record_is_readable";

  /** The layout of rows behind a plan. */
  public static RowLayout of(StructType columns, SuitePlan plan) {
    return new RowLayout(
        columns,
        Arrays.stream(plan.quarantineMask()).boxed().toList(),
        plan.reasons(),
        plan.wanted(),
        plan.suite().fingerprint());
  }

  /** The layout of rows that are known to pass. */
  public static RowLayout unchecked(StructType columns) {
    return new RowLayout(columns, List.of(), List.of(), RowNotes.Wanted.NOTHING, "");
  }

  /** The columns of a quarantine: those of its table, then Sluice's own. */
  public static StructType quarantine(StructType columns) {
    return columns
        .add(RAW, DataTypes.StringType)
        .add(REASONS, DataTypes.createArrayType(DataTypes.StringType))
        .add(TYPES, DataTypes.createArrayType(DataTypes.StringType))
        .add(RUN_KEY, DataTypes.StringType)
        .add(TIME, DataTypes.TimestampType)
        .add(SOURCE_FILE, DataTypes.StringType)
        .add(SOURCE_POSITION, DataTypes.LongType)
        .add(SUITE, DataTypes.StringType)
        .add(REPLAYED_BY, DataTypes.StringType);
  }

  /** The name of a word of bits. */
  public static String word(int word) {
    return "_sluice_word_" + word;
  }

  /** Everything that a row being routed holds. */
  public StructType schema() {
    StructType all =
        columns
            .add(RAW, DataTypes.StringType)
            .add(SOURCE_FILE, DataTypes.StringType)
            .add(SOURCE_POSITION, DataTypes.LongType);
    for (int word = 0; word < words(); word++) {
      all = all.add(word(word), DataTypes.LongType);
    }
    return all;
  }

  RowNotes notes() {
    return new RowNotes(wanted, columns);
  }

  int words() {
    return wanted.words();
  }

  int raw() {
    return columns.size();
  }

  int sourceFile() {
    return columns.size() + 1;
  }

  int sourcePosition() {
    return columns.size() + 2;
  }

  int bits() {
    return columns.size() + 3;
  }
}
