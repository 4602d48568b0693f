package dev.sluice.runtime.engine;

import static org.apache.spark.sql.functions.array_contains;
import static org.apache.spark.sql.functions.arrays_zip;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.model.Json;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.quality.Expectation;
import dev.sluice.quality.Suite;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.lake.Lake;
import dev.sluice.runtime.route.RowLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What waits in the quarantine of a job's table, and why. */
public final class Rejected {

  /**
   * Which rows are looked at.
   *
   * @param reason only those with this reason; empty for all
   * @param allRuns whether rows of all runs count, or those of the request's run key
   * @param examples how many example rows to show for each reason
   */
  public record Selection(Optional<String> reason, Runs allRuns, int examples) {}

  /** Whose rows count. */
  public enum Runs {
    ALL,
    OF_THE_INTERVAL
  }

  /**
   * One reason and the rows that have it.
   *
   * @param id the expectation's id
   * @param type its type
   * @param rows how many rows have it, perhaps beside other reasons
   * @param replayed how many of them were published since
   * @param lastSeen when the last of them was rejected
   * @param expectation the expectation as it stands in today's suite; empty if it is gone
   * @param examples rows as the job made them
   */
  public record Reason(
      String id,
      String type,
      long rows,
      long replayed,
      String lastSeen,
      Optional<JsonNode> expectation,
      List<JsonNode> examples) {}

  /** The quarantine of one table; most frequent reason first. */
  public record Report(String quarantine, long rows, long replayed, List<Reason> reasons) {}

  private Rejected() {}

  /** Looks into the quarantine of a job's table. */
  public static Report of(RunRequest request, Job job, Selection selection) {
    Table table =
        job.spec()
            .table()
            .orElseThrow(
                () ->
                    SluiceException.config(
                        "Cannot look into the quarantine of %s: it loads a sink, and a sink has"
                            + " none. Name the job that writes the table it reads",
                        job.spec().name()));
    Bound bound = Bound.of(request, job);
    try (Lake lake = Lake.open(bound.settings().lake())) {
      String name = lake.quarantine(table).name();
      Optional<Dataset<Row>> all = lake.quarantine(table).rows();
      return all.map(rows -> report(name, selected(rows, bound, selection), table, job, selection))
          .orElse(new Report(name, 0, 0, List.of()));
    }
  }

  private static Dataset<Row> selected(Dataset<Row> rows, Bound bound, Selection selection) {
    Dataset<Row> ofRuns =
        selection.allRuns() == Runs.ALL
            ? rows
            : rows.where(col(RowLayout.RUN_KEY).equalTo(bound.key().toString()));
    return selection
        .reason()
        .map(reason -> ofRuns.where(array_contains(col(RowLayout.REASONS), reason)))
        .orElse(ofRuns);
  }

  private static Report report(
      String name, Dataset<Row> rows, Table table, Job job, Selection selection) {
    Column replayed = col(RowLayout.REPLAYED_BY).isNotNull();
    Row total = rows.agg(count(lit(1)), count_if(replayed)).first();
    Suite suite = Suites.of(job.spec().suite());
    List<Reason> reasons = new ArrayList<>();
    List<Row> counted =
        rows.select(
                explode(arrays_zip(col(RowLayout.REASONS), col(RowLayout.TYPES))).as("reason"),
                replayed.as("replayed"),
                col(RowLayout.TIME))
            .groupBy("reason")
            .agg(
                count(lit(1)).as("n"),
                count_if(col("replayed")),
                max(col(RowLayout.TIME)).cast("string"))
            .orderBy(col("n").desc(), col("reason"))
            .collectAsList();
    for (Row one : counted) {
      String id = one.getStruct(0).getString(0);
      if (selection.reason().map(id::equals).orElse(true)) {
        reasons.add(
            new Reason(
                id,
                one.getStruct(0).getString(1),
                one.getLong(1),
                one.getLong(2),
                one.getString(3),
                suite.expectations().stream()
                    .filter(expectation -> expectation.id().equals(id))
                    .map(Expectation::node)
                    .findFirst(),
                examples(rows, id, table, selection.examples())));
      }
    }
    return new Report(name, total.getLong(0), total.getLong(1), reasons);
  }

  private static List<JsonNode> examples(Dataset<Row> rows, String id, Table table, int most) {
    List<Column> shown = new ArrayList<>();
    table.columnNames().forEach(column -> shown.add(col("`" + column + "`")));
    for (String own : List.of(RowLayout.RAW, RowLayout.SOURCE_FILE, RowLayout.SOURCE_POSITION)) {
      shown.add(col(own));
    }
    return rows
        .where(array_contains(col(RowLayout.REASONS), id))
        .limit(most)
        .select(to_json(struct(shown.toArray(Column[]::new))))
        .collectAsList()
        .stream()
        .map(row -> parse(row.getString(0)))
        .toList();
  }

  private static JsonNode parse(String json) {
    try {
      return Json.mapper().readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Spark has just written it", e);
    }
  }
}
