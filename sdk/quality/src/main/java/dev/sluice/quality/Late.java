package dev.sluice.quality;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;

import dev.sluice.quality.Check.FollowUpCheck;
import dev.sluice.quality.Check.KeyCheck;
import dev.sluice.quality.Check.RowCheck;
import dev.sluice.quality.SuitePlan.Planned;
import dev.sluice.quality.Verdict.Answer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * The questions to single rows that could be put only after all rows were seen: which copies of a
 * key leave, which values stand out. Rows that were staged already must then be parted once more.
 *
 * @param rows the staged rows, with columns of Sluice's own that the questions need
 * @param questions the questions, by the bit that each sets
 */
public record Late(Dataset<Row> rows, Map<Integer, Column> questions) {

  /**
   * The questions of all expectations that send rows to quarantine and find some only now.
   *
   * @param answers the answers to the plan
   * @param rows all rows that were staged
   * @return empty where the rows are parted as they should be
   */
  public static Optional<Late> of(SuitePlan plan, List<Answer> answers, Dataset<Row> rows) {
    List<Planned> failing =
        answers.stream().filter(a -> a.unexpected() > 0).map(Answer::planned).toList();
    Late late = of(plan, rows, failing);
    return late.questions().isEmpty() ? Optional.empty() : Optional.of(late);
  }

  /** The questions of all such expectations, over rows that were not answered before. */
  public static Late of(SuitePlan plan, Dataset<Row> rows) {
    return of(plan, rows, plan.planned());
  }

  private static Late of(SuitePlan plan, Dataset<Row> rows, List<Planned> asking) {
    Late late = new Late(rows, Map.of());
    for (Planned p : asking) {
      if (p.onFailure() != OnFailure.QUARANTINE) {
        continue;
      }
      if (p.check() instanceof KeyCheck key) {
        late = late.copies(p, key, plan);
      } else if (p.check() instanceof FollowUpCheck check) {
        late = late.outliers(p, check, rows);
      }
    }
    return late;
  }

  private Late copies(Planned p, KeyCheck check, SuitePlan plan) {
    Keys keys = new Keys(check, p.scope(), rows);
    Optional<Dataset<Row>> repeated = keys.repeated();
    if (repeated.isEmpty()) {
      return this;
    }
    String flag = "_sluice_copy_" + p.failed();
    Dataset<Row> flagged =
        rows.join(
            broadcast(repeated.get().withColumn(flag, lit(true))),
            keys.same().and(keys.asked()),
            "left");
    Column copy = col(flag).isNotNull();
    Duplicates duplicates = p.expectation().duplicates();
    if (duplicates.keepsFirst()) {
      String place = "_sluice_place_" + p.failed();
      flagged = flagged.withColumn(place, row_number().over(order(flag, keys, duplicates, plan)));
      copy = copy.and(col(place).gt(1));
    }
    return with(flagged, p.failed(), copy);
  }

  /**
   * Copies of one key in the given order; one that leaves for another reason is never the first.
   */
  private static WindowSpec order(String flag, Keys keys, Duplicates duplicates, SuitePlan plan) {
    List<Column> order = new ArrayList<>();
    order.add(plan.leaves(plan.wordColumns()));
    for (Duplicates.Order by : duplicates.keepFirstBy()) {
      Column value = col("`" + by.column() + "`");
      order.add(by.direction() == Duplicates.Direction.DESCENDING ? value.desc() : value.asc());
    }
    List<Column> group = new ArrayList<>(keys.named());
    group.add(0, col(flag));
    return Window.partitionBy(group.toArray(Column[]::new)).orderBy(order.toArray(Column[]::new));
  }

  private Late outliers(Planned p, FollowUpCheck check, Dataset<Row> staged) {
    RowCheck row = check.next().apply(Totals.of(List.of(p), staged, Map.of()).get(p).values());
    return with(rows, p.failed(), row.failing(p.scope().condition()));
  }

  private Late with(Dataset<Row> flagged, int bit, Column question) {
    Map<Integer, Column> all = new HashMap<>(questions);
    all.put(bit, question);
    return new Late(flagged, all);
  }
}
