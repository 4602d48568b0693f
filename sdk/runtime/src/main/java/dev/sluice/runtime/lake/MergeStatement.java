package dev.sluice.runtime.lake;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.lag;
import static org.apache.spark.sql.functions.lead;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.rank;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.when;

import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.model.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.DataType;

/**
 * How staged rows change a table by their key, as one MERGE of Spark SQL.
 *
 * <p>A null in a key is a value like any other. Of several staged rows with one key the one with
 * the greatest order counts, and it must be alone.
 */
public final class MergeStatement {
  private static final String DELETED = "_sluice_deleted";
  private static final String STAGED = "_sluice_staged";
  private static final String KEPT = "_sluice_kept";
  private static final String KNOWN = "_sluice_known";
  private static final String TOLD = "_sluice_told";
  private static final List<String> DELETES = List.of("d", "delete");
  private static final List<String> OTHERS = List.of("c", "r", "u", "insert", "update");

  private final Table table;
  private final Write write;

  /** The statement for a table whose write merges. */
  public MergeStatement(Table table, Write write) {
    this.table = table;
    this.write = write;
  }

  /**
   * Merges.
   *
   * @param staged the run's rows
   * @param before the table's rows, as they are at this moment
   * @param target the table's name in SQL
   * @throws SluiceException of kind CONTRACT where it is not said which row counts
   */
  public Dataset<Row> run(Dataset<Row> staged, Dataset<Row> before, String target) {
    Dataset<Row> source =
        write.mode() == Write.Mode.HISTORY ? versions(staged, before) : latest(staged);
    SparkSession spark = staged.sparkSession();
    String view = "sluice_merge_" + UUID.randomUUID().toString().replace("-", "");
    source.createOrReplaceTempView(view);
    try {
      return spark.sql(sql(target, view));
    } finally {
      spark.catalog().dropTempView(view);
    }
  }

  private String sql(String target, String view) {
    String names = columns().map(MergeStatement::quoted).collect(Collectors.joining(", "));
    String values = columns().map(MergeStatement::ofSource).collect(Collectors.joining(", "));
    String sets =
        columns()
            .map(name -> "target." + quoted(name) + " = " + ofSource(name))
            .collect(Collectors.joining(", "));
    String deletes =
        write.mode() == Write.Mode.UPSERT
            ? ""
            : " WHEN MATCHED AND source." + DELETED + newer() + " THEN DELETE";
    return "MERGE INTO %s AS target USING %s AS source ON %s".formatted(target, view, same())
        + deletes
        + " WHEN MATCHED AND NOT source.%s%s THEN UPDATE SET %s".formatted(DELETED, newer(), sets)
        + " WHEN NOT MATCHED AND NOT source.%s THEN INSERT (%s) VALUES (%s)"
            .formatted(DELETED, names, values);
  }

  private Stream<String> columns() {
    return table.columnNames().stream();
  }

  private String same() {
    return identity().stream()
        .map(name -> "target." + quoted(name) + " <=> " + ofSource(name))
        .collect(Collectors.joining(" AND "));
  }

  /** What tells rows of the table apart: the key, and in a history the beginning as well. */
  private List<String> identity() {
    List<String> names = new ArrayList<>(table.key());
    if (write.mode() == Write.Mode.HISTORY) {
      names.add(write.order().orElseThrow());
    }
    return names;
  }

  /** A row that comes late does not replace a newer one; versions of a history are all kept. */
  private String newer() {
    if (write.order().isEmpty() || write.mode() == Write.Mode.HISTORY) {
      return "";
    }
    String order = quoted(write.order().get());
    return " AND (target.%1$s IS NULL OR source.%1$s >= target.%1$s)".formatted(order);
  }

  /** One row a key, and what becomes of it. */
  private Dataset<Row> latest(Dataset<Row> staged) {
    Dataset<Row> rows = staged;
    if (write.order().isPresent()) {
      WindowSpec byKey =
          Window.partitionBy(columns(table.key()))
              .orderBy(column(write.order().get()).desc_nulls_last());
      rows = rows.withColumn(KEPT, rank().over(byKey)).where(col(KEPT).equalTo(1)).drop(KEPT);
    }
    requireOne(rows, table.key());
    Optional<Column> change = write.change().map(name -> lower(column(name)));
    change.ifPresent(word -> requireKnown(staged, word));
    Column deleted = change.map(word -> word.isin(DELETES.toArray())).orElse(lit(false));
    return rows.withColumn(DELETED, deleted);
  }

  private void requireOne(Dataset<Row> rows, List<String> names) {
    Column[] columns = columns(names);
    List<Row> twice =
        rows.groupBy(columns)
            .agg(count(lit(1)).as("n"))
            .where(col("n").gt(1))
            .select(to_json(struct(columns)))
            .takeAsList(1);
    if (!twice.isEmpty()) {
      String next =
          write.order().isEmpty()
              ? "Name the column that says which is the latest: .latestBy(…)"
              : "Order them by a column in which no two are alike";
      throw SluiceException.contract(
          "Cannot merge into %s: several rows have the key %s, and nothing says which one counts."
              + " %s, or let the suite check the key",
          table.name(), twice.get(0).getString(0), next);
    }
  }

  private void requireKnown(Dataset<Row> staged, Column word) {
    List<String> known = Stream.concat(DELETES.stream(), OTHERS.stream()).toList();
    staged
        .select(column(write.change().orElseThrow()))
        .where(word.isNull().or(not(word.isin(known.toArray()))))
        .takeAsList(1)
        .forEach(
            row -> {
              throw SluiceException.contract(
                  "Cannot apply changes to %s: column '%s' holds '%s', which is none of %s. Map it"
                      + " in the job, or let the suite check it",
                  table.name(), write.change().get(), row.get(0), String.join(", ", known));
            });
  }

  /**
   * The versions that change of those keys that have new ones: versions that are new, or end
   * elsewhere, and those to delete because they now repeat the version before.
   */
  private Dataset<Row> versions(Dataset<Row> staged, Dataset<Row> before) {
    String to = write.end().orElseThrow();
    requireOne(staged, identity());
    DataType type = before.schema().apply(to).dataType();
    Column end = lit(null).cast(type);
    Dataset<Row> both =
        ofSameKeys(before, staged)
            .withColumn(STAGED, lit(false))
            .unionByName(staged.withColumn(to, end).withColumn(STAGED, lit(true)));
    WindowSpec ofVersion = Window.partitionBy(columns(identity()));
    WindowSpec inTime =
        Window.partitionBy(columns(table.key())).orderBy(column(write.order().orElseThrow()));
    Column known = when(not(col(STAGED)), struct(col(TOLD), column(to).as("end")));
    Dataset<Row> timeline =
        both.withColumn(TOLD, told())
            .withColumn(KNOWN, first(known, true).over(ofVersion))
            .withColumn(KEPT, row_number().over(ofVersion.orderBy(col(STAGED).desc())))
            .where(col(KEPT).equalTo(1))
            .withColumn(
                DELETED, coalesce(lag(col(TOLD), 1).over(inTime).equalTo(col(TOLD)), lit(false)));
    Column change = struct(col(TOLD), column(to).as("end")).eqNullSafe(col(KNOWN));
    Dataset<Row> kept =
        timeline
            .where(not(col(DELETED)))
            .withColumn(to, lead(column(write.order().get()), 1).over(inTime).cast(type))
            .where(not(change));
    Dataset<Row> repeated = timeline.where(col(DELETED).and(col(KNOWN).isNotNull()));
    Column[] all =
        Stream.concat(columns(), Stream.of(DELETED))
            .map(MergeStatement::column)
            .toArray(Column[]::new);
    // Settled before the merge, which would read the table that it changes once more.
    return kept.select(all).unionByName(repeated.select(all)).localCheckpoint();
  }

  private Dataset<Row> ofSameKeys(Dataset<Row> before, Dataset<Row> staged) {
    Column same =
        table.key().stream()
            .map(name -> quoted(name))
            .map(name -> col("known." + name).eqNullSafe(col("fresh." + name)))
            .reduce(Column::and)
            .orElseThrow();
    Dataset<Row> fresh = staged.select(columns(table.key())).distinct();
    return before.alias("known").join(fresh.alias("fresh"), same, "left_semi");
  }

  /** What a version says, as text: any two can be compared, whatever the types. */
  private Column told() {
    List<String> apart = new ArrayList<>(identity());
    write.end().ifPresent(apart::add);
    List<String> said = columns().filter(name -> !apart.contains(name)).toList();
    return to_json(
        struct(columns(said)),
        Map.of("ignoreNullFields", "false", "timestampFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX"));
  }

  private static Column[] columns(List<String> names) {
    return names.stream().map(MergeStatement::column).toArray(Column[]::new);
  }

  private static Column column(String name) {
    return col(quoted(name));
  }

  private static String ofSource(String name) {
    return "source." + quoted(name);
  }

  private static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }
}
