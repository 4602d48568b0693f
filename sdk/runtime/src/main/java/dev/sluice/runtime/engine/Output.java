package dev.sluice.runtime.engine;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.input_file_block_start;
import static org.apache.spark.sql.functions.input_file_name;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.nullif;
import static org.apache.spark.sql.functions.when;

import dev.sluice.model.JobSpec;
import dev.sluice.model.Nearest;
import dev.sluice.model.SluiceException;
import dev.sluice.quality.Late;
import dev.sluice.quality.SuitePlan;
import dev.sluice.runtime.lake.Schemas;
import dev.sluice.runtime.route.RowLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The rows that a job makes, matched to its target and laid out for the gate. */
final class Output {
  private final JobSpec spec;

  Output(JobSpec spec) {
    this.spec = spec;
  }

  /** The columns that the target gets: the table's, or whatever the job makes for a sink. */
  StructType schema(Dataset<Row> made) {
    return spec.rows()
        .map(table -> Schemas.spark(table.columns()))
        .orElseGet(
            () ->
                new StructType(
                    Arrays.stream(made.schema().fields())
                        .filter(field -> !field.name().equals(RowLayout.RAW))
                        .map(f -> new StructField(f.name(), f.dataType(), true, f.metadata()))
                        .toArray(StructField[]::new)));
  }

  /**
   * Checks that a job makes just the columns of its target, in types that fit.
   *
   * @param readsUnreadable whether the input may hold records that could not be parsed
   */
  void check(Dataset<Row> made, boolean readsUnreadable) {
    StructType wanted = schema(made);
    List<String> names = Arrays.asList(made.columns());
    List<String> violations = new ArrayList<>();
    for (StructField field : wanted.fields()) {
      if (!names.contains(field.name())) {
        violations.add(
            "column '" + field.name() + "' is missing. " + Nearest.hint(field.name(), names));
        continue;
      }
      DataType type = made.schema().apply(field.name()).dataType();
      if (!Cast.canUpCast(type, field.dataType())) {
        violations.add(
            String.format(
                "column '%s' is %s, the table declares %s",
                field.name(), type.simpleString(), field.dataType().simpleString()));
      }
    }
    for (String name : names) {
      if (!name.startsWith("_sluice") && !Arrays.asList(wanted.fieldNames()).contains(name)) {
        violations.add("column '" + name + "' is not declared by the table");
      }
    }
    if (names.stream().distinct().count() != names.size()) {
      violations.add("a column name stands twice");
    }
    if (readsUnreadable && !names.contains(RowLayout.RAW)) {
      violations.add(
          "column '"
              + RowLayout.RAW
              + "' was dropped: it carries unreadable records to quarantine. Select it as well");
    }
    if (!violations.isEmpty()) {
      throw SluiceException.contract(
          "Cannot write %s: %s. Correct the job or the declaration of its target",
          spec.target().name(), String.join("; ", violations));
    }
  }

  /** The rows with the words of their checks, as {@link RowLayout} says. */
  Dataset<Row> laidOut(Dataset<Row> made, SuitePlan plan) {
    StructType wanted = schema(made);
    boolean hasRaw = Arrays.asList(made.columns()).contains(RowLayout.RAW);
    Column raw = hasRaw ? col(RowLayout.RAW) : lit(null).cast("string");
    Dataset<Row> columns =
        made.select(
            Stream.concat(
                    Arrays.stream(wanted.fields())
                        .map(f -> col("`" + f.name() + "`").cast(f.dataType()).as(f.name())),
                    Stream.of(raw.as(RowLayout.RAW)))
                .toArray(Column[]::new));
    boolean knowsFile = hasOneFileSource(made);
    return laidOut(columns, wanted, plan, plan.wordColumns(), knowsFile);
  }

  /** Rows that were staged before, with the bits that could not be set then. */
  static Dataset<Row> laidOutAgain(Late late, StructType wanted, SuitePlan plan) {
    return laidOut(late.rows(), wanted, plan, plan.wordColumns(late.questions()), false);
  }

  private static Dataset<Row> laidOut(
      Dataset<Row> rows, StructType wanted, SuitePlan plan, List<Column> words, boolean knowsFile) {
    List<Column> values = new ArrayList<>();
    Arrays.stream(wanted.fieldNames()).forEach(name -> values.add(col("`" + name + "`")));
    values.add(col(RowLayout.RAW));
    List<Column> worded = new ArrayList<>(values);
    for (int word = 0; word < words.size(); word++) {
      worded.add(ifReadable(words.get(word)).as(RowLayout.word(word)));
    }
    Column bad = leaves(plan);
    Dataset<Row> withWords = rows.select(worded.toArray(Column[]::new));
    List<Column> all = new ArrayList<>(values);
    // Only rows that leave say where they come from: the others need not carry it about.
    Column file = knowsFile ? when(bad, nullif(input_file_name(), lit(""))) : lit(null);
    Column position = knowsFile ? when(bad, input_file_block_start()) : lit(null);
    all.add(file.cast("string").as(RowLayout.SOURCE_FILE));
    all.add(position.cast("bigint").as(RowLayout.SOURCE_POSITION));
    all.addAll(words(plan));
    return withWords.select(all.toArray(Column[]::new));
  }

  /** True for a row, laid out, that goes to quarantine. */
  static Column leaves(SuitePlan plan) {
    return col(RowLayout.RAW).isNotNull().or(plan.leaves(words(plan)));
  }

  private static List<Column> words(SuitePlan plan) {
    return IntStream.range(0, plan.words()).mapToObj(word -> col(RowLayout.word(word))).toList();
  }

  /** Spark knows the file of a row only while it reads no other source beside it. */
  private static boolean hasOneFileSource(Dataset<Row> made) {
    var leaves = made.queryExecution().analyzed().collectLeaves();
    return leaves.size() == 1
        && leaves.head() instanceof LogicalRelation relation
        && relation.relation() instanceof HadoopFsRelation;
  }

  /** An unreadable record has one reason; its empty columns are not another. */
  private static Column ifReadable(Column word) {
    return when(col(RowLayout.RAW).isNull(), word).otherwise(lit(0L));
  }
}
