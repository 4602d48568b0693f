package dev.sluice.quality.profile;

import dev.sluice.quality.profile.TableProfile.Extent;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Looks at rows once, at all their columns at the same time, in memory that does not grow with
 * them.
 *
 * <p>A second, smaller pass reads just the columns that may be keys and counts them exactly.
 */
public final class Profiler {
  private Profiler() {}

  /** What these rows hold. */
  public static TableProfile profile(Dataset<Row> rows) {
    return profile(rows, List.of());
  }

  /**
   * What these rows hold.
   *
   * @param declaredKey columns of which somebody says that they identify a row; may be empty
   */
  public static TableProfile profile(Dataset<Row> rows, List<String> declaredKey) {
    StructType schema = rows.schema();
    // By position: a name may hold dots, spaces and quotes.
    Dataset<Row> numbered = rows.toDF(names(schema.size()));
    RowSketch seen =
        numbered
            .select(seen(schema))
            .javaRDD()
            .treeAggregate(new RowSketch(schema.size()), RowSketch::add, RowSketch::merge);
    List<ColumnProfile> columns = seen.profiles(schema);
    KeySearch keys = KeySearch.among(columns, declaredKey);
    return new TableProfile(
        "rows",
        Extent.WHOLE,
        seen.rows(),
        columns,
        keys.confirmed(numbered, seen.rows()),
        keys.uncounted());
  }

  private static String[] names(int width) {
    return IntStream.range(0, width).mapToObj(Profiler::name).toArray(String[]::new);
  }

  /** The name that a column has while it is looked at. */
  static String name(int position) {
    return "c" + position;
  }

  private static Column[] seen(StructType schema) {
    StructField[] fields = schema.fields();
    return IntStream.range(0, fields.length)
        .mapToObj(i -> Kind.of(fields[i].dataType()).seen(functions.col(name(i))))
        .toArray(Column[]::new);
  }

  /** The positions of columns by their names. */
  static List<Integer> positions(List<ColumnProfile> columns, List<String> names) {
    List<String> known = columns.stream().map(ColumnProfile::name).toList();
    return names.stream().map(known::indexOf).toList();
  }
}
