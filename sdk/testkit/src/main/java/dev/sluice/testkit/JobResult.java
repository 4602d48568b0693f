package dev.sluice.testkit;

import dev.sluice.model.JobSpec;
import dev.sluice.model.Receipt;
import dev.sluice.model.Table;
import dev.sluice.runtime.lake.Lake;
import dev.sluice.runtime.route.RowLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.sql.Row;

/** What came of a run: its receipt, and the tables as they are now. */
public final class JobResult {
  private final JobHarness harness;
  private final JobSpec spec;
  private final Receipt receipt;

  JobResult(JobHarness harness, JobSpec spec, Receipt receipt) {
    this.harness = harness;
    this.spec = spec;
    this.receipt = receipt;
  }

  /** The run's receipt. */
  public Receipt receipt() {
    return receipt;
  }

  /** The rows of the job's table or sink, in no order. */
  public List<Row> rows() {
    return spec.target() instanceof JobSpec.IntoSink into
        ? SinkRows.of(into.sink(), harness.settings())
        : rows(spec.table().orElseThrow());
  }

  /** The rows of a table, in no order. */
  public List<Row> rows(Table table) {
    return read(lake -> lake.pin(table).rows().collectAsList());
  }

  /** The rows that the job's table rejected, in no order; none where it has no quarantine. */
  public List<Row> quarantine() {
    return spec.table().map(table -> read(lake -> rejected(lake, table))).orElse(List.of());
  }

  private static List<Row> rejected(Lake lake, Table table) {
    String name = Lake.CATALOG + "." + lake.quarantine(table).name();
    return lake.spark().catalog().tableExists(name)
        ? lake.spark().read().table(name).collectAsList()
        : List.of();
  }

  /** The ids of the expectations that a row of quarantine fails. */
  public static List<String> reasons(Row rejected) {
    return rejected.getList(rejected.fieldIndex(RowLayout.REASONS));
  }

  /** The rows of a table in the lake with other settings, in no order. */
  List<Row> rows(Map<String, String> settings, Table table) {
    Map<String, String> all = new LinkedHashMap<>(harness.lake());
    all.putAll(settings);
    try (Lake lake = Lake.open(all)) {
      return lake.pin(table).rows().collectAsList();
    }
  }

  private List<Row> read(Function<Lake, List<Row>> query) {
    try (Lake lake = Lake.open(harness.lake())) {
      return query.apply(lake);
    }
  }
}
