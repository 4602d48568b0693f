package dev.sluice.testkit;

import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.quality.Suite;
import dev.sluice.runtime.engine.Suites;
import dev.sluice.runtime.lake.Lake;
import dev.sluice.runtime.lake.Schemas;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Runs a suite over rows given in a test, without a job, a table or a lake.
 *
 * <pre>{@code
 * SuiteResult result =
 *     SuiteRun.of("departures").given(Flights.DEPARTURES, "dep_delay", "5", "2000", "").run();
 * assertThat(result).fails("column_values_to_be_between.dep_delay").in(1);
 * }</pre>
 */
public final class SuiteRun {
  private final Suite suite;
  private final Optional<Dataset<Row>> frame;
  private final Function<SparkSession, Dataset<Row>> texts;

  private SuiteRun(
      Suite suite, Optional<Dataset<Row>> frame, Function<SparkSession, Dataset<Row>> texts) {
    this.suite = suite;
    this.frame = frame;
    this.texts = texts;
  }

  /** A suite by the name under which jobs find it: {@code suites/NAME.json} on the class path. */
  public static SuiteRun of(String name) {
    return of(Suites.load(name));
  }

  /** A suite. */
  public static SuiteRun of(Suite suite) {
    return new SuiteRun(
        suite,
        Optional.empty(),
        spark -> {
          throw SluiceException.config(
              "Cannot run suite %s: no rows are given. Call given(…) first", suite.name());
        });
  }

  /**
   * Gives rows of a table, with the types that it declares.
   *
   * @param header names of columns, separated by commas; those left out are null
   * @param rows values in that order, separated by commas; an empty value is null
   */
  public SuiteRun given(Table table, String header, String... rows) {
    return new SuiteRun(
        suite, Optional.empty(), spark -> ofTable(spark, table, header, List.of(rows)));
  }

  /**
   * Gives rows whose types Spark finds out.
   *
   * @param header names of columns, separated by commas
   * @param rows values in that order, separated by commas; an empty value is null
   */
  public SuiteRun given(String header, String... rows) {
    return new SuiteRun(
        suite,
        Optional.empty(),
        spark ->
            spark
                .read()
                .option("header", "true")
                .option("inferSchema", "true")
                .csv(lines(spark, header, List.of(rows))));
  }

  /** Gives rows that the test has made itself. */
  public SuiteRun given(Dataset<Row> rows) {
    return new SuiteRun(suite, Optional.of(rows), texts);
  }

  /** Answers every expectation of the suite over the rows. */
  public SuiteResult run() {
    if (frame.isPresent()) {
      return Answers.of(suite, frame.get());
    }
    try (Lake lake = Lake.open(JobHarness.SPARK)) {
      return Answers.of(suite, texts.apply(lake.spark()));
    }
  }

  private static Dataset<Row> ofTable(
      SparkSession spark, Table table, String header, List<String> rows) {
    List<String> named = RowTexts.cells(header);
    StructType declared = Schemas.spark(table.columns());
    StructType given = new StructType();
    for (String name : named) {
      if (!table.columnNames().contains(name)) {
        throw SluiceException.config(
            "Cannot give rows to %s: it has no column '%s'. %s",
            table.name(), name, dev.sluice.model.Nearest.hint(name, table.columnNames()));
      }
      given = given.add(declared.apply(name));
    }
    Dataset<Row> read =
        spark
            .read()
            .schema(given)
            .option("header", "true")
            .option("mode", "FAILFAST")
            .csv(lines(spark, header, rows));
    List<Column> columns = new ArrayList<>();
    for (StructField field : declared.fields()) {
      columns.add(
          named.contains(field.name())
              ? read.col("`" + field.name() + "`")
              : functions.lit(null).cast(field.dataType()).as(field.name()));
    }
    return read.select(columns.toArray(Column[]::new));
  }

  private static Dataset<String> lines(SparkSession spark, String header, List<String> rows) {
    List<String> all = new ArrayList<>();
    all.add(String.join(",", RowTexts.cells(header)));
    all.addAll(rows);
    return spark.createDataset(all, Encoders.STRING());
  }
}
