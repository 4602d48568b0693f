package dev.sluice.quality;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import dev.sluice.quality.Check.Direction;
import dev.sluice.quality.Check.OrderCheck;
import dev.sluice.quality.MapResult.Counts;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Compares each value with the one before it, in the order in which Spark reads the rows.
 *
 * <p>Partitions are looked at side by side and joined at their seams, so no task sees all rows.
 */
final class Order {
  /** The counts, and the first failing values. */
  record Found(Counts counts, List<List<Object>> samples) {}

  private Order() {}

  /**
   * Walks over the rows.
   *
   * @param shown what to show of a failing row
   * @param most how many failing rows to show
   */
  static Found of(OrderCheck check, Scope scope, Dataset<Row> rows, List<Column> shown, int most) {
    Dataset<Row> asked = scope.condition().map(rows::where).orElse(rows);
    Column value = scope.column(check.column());
    List<Column> columns = new ArrayList<>();
    columns.add(value.as("value"));
    shown.forEach(one -> columns.add(one.as("s" + columns.size())));
    List<Piece> pieces =
        Partitions.each(
            asked.select(columns.toArray(Column[]::new)), new Walk(check.direction(), most));
    Row counted = asked.agg(count(lit(1)), count(value)).first();
    Piece whole = new Piece();
    for (Piece piece : pieces) {
      whole.append(piece, check.direction(), most);
    }
    long elements = counted.getLong(0);
    Counts counts = new Counts(elements, elements - counted.getLong(1), whole.unexpected);
    return new Found(counts, new ArrayList<>(whole.samples));
  }

  private static final class Piece implements Serializable {
    private static final long serialVersionUID = 1L;
    private final ArrayList<List<Object>> samples = new ArrayList<>();
    private Object first;
    private List<Object> firstShown;
    private Object last;
    private long unexpected;

    private void append(Piece next, Direction direction, int most) {
      if (next.first == null) {
        return;
      }
      if (last == null) {
        first = next.first;
        firstShown = next.firstShown;
      } else if (!follows(direction, last, next.first)) {
        fail(next.firstShown, most);
      }
      last = next.last;
      unexpected += next.unexpected;
      samples.addAll(next.samples.subList(0, Math.min(next.samples.size(), most - samples.size())));
    }

    private void add(Object value, List<Object> shown, Direction direction, int most) {
      if (last == null) {
        first = value;
        firstShown = shown;
      } else if (!follows(direction, last, value)) {
        fail(shown, most);
      }
      last = value;
    }

    private void fail(List<Object> shown, int most) {
      unexpected++;
      if (samples.size() < most) {
        samples.add(shown);
      }
    }
  }

  @SuppressWarnings("unchecked") // the values of one column are of one type
  private static boolean follows(Direction direction, Object before, Object value) {
    int order = ((Comparable<Object>) oneZero(value)).compareTo(oneZero(before));
    return switch (direction) {
      case INCREASING -> order >= 0;
      case STRICTLY_INCREASING -> order > 0;
      case DECREASING -> order <= 0;
      case STRICTLY_DECREASING -> order < 0;
    };
  }

  /** Floating point has two zeros, of which Java takes one for the lesser. */
  private static Object oneZero(Object value) {
    if (value instanceof Double number) {
      return number + 0.0;
    }
    return value instanceof Float number ? (Object) (number + 0.0f) : value;
  }

  private record Walk(Direction direction, int most) implements Partitions.Look<Piece> {
    @Override
    public Piece apply(Iterator<Row> rows) {
      Piece piece = new Piece();
      while (rows.hasNext()) {
        Row row = rows.next();
        if (!row.isNullAt(0)) {
          piece.add(row.get(0), shown(row), direction, most);
        }
      }
      return piece;
    }

    private static List<Object> shown(Row row) {
      List<Object> shown = new ArrayList<>();
      for (int i = 1; i < row.size(); i++) {
        shown.add(row.get(i));
      }
      return shown;
    }
  }
}
