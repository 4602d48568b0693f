package dev.sluice.runtime.engine;

import dev.sluice.model.JobSpec;
import dev.sluice.model.Lineage;
import dev.sluice.model.Lineage.Field;
import dev.sluice.model.Source;
import dev.sluice.model.Table;
import dev.sluice.runtime.lake.Lake;
import dev.sluice.runtime.lineage.ColumnLineage;
import dev.sluice.runtime.spi.LakeConfig;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** What a run tells others of its datasets: names, columns, and which are made of which. */
final class LineageFacts {
  /** The role that a pod takes on at AWS; its account is the one whose catalog it sees. */
  private static final Pattern ROLE = Pattern.compile("arn:[^:]*:(?:iam|sts)::(\\d{12}):.*");

  private LineageFacts() {}

  static Lineage of(
      Bound bound,
      Lake lake,
      Map<String, Dataset<Row>> frames,
      Dataset<Row> made,
      StructType output,
      Map<String, String> environment) {
    Map<String, LogicalPlan> plans = new LinkedHashMap<>();
    frames.forEach((name, rows) -> plans.put(name, plan(rows)));
    ColumnLineage columns = ColumnLineage.of(plan(made), plans);
    return new Lineage(
        catalog(lake, environment),
        bound.spec().reads().stream().map(read -> input(read, frames.get(read.name()))).toList(),
        output(bound.spec(), output),
        Optional.of(columns.columns()).filter(some -> !some.isEmpty()),
        Optional.of(columns.rows()).filter(some -> !some.isEmpty()),
        Optional.of(columns.notes()).filter(some -> !some.isEmpty()));
  }

  private static LogicalPlan plan(Dataset<Row> rows) {
    return rows.queryExecution().analyzed();
  }

  private static Lineage.Catalog catalog(Lake lake, Map<String, String> environment) {
    LakeConfig config = lake.config();
    boolean glue = config.lakeCatalog().equals("glue");
    Matcher role = ROLE.matcher(environment.getOrDefault("AWS_ROLE_ARN", ""));
    return new Lineage.Catalog(
        config.lakeCatalog(),
        lake.catalogAddress(),
        lake.warehouse(),
        glue ? Optional.of(config.lakeRegion()) : Optional.empty(),
        glue && role.matches() ? Optional.of(role.group(1)) : Optional.empty());
  }

  private static Lineage.Dataset input(JobSpec.Read read, Dataset<Row> rows) {
    List<Field> columns = fields(rows.schema());
    if (read.source() instanceof Source.TableRead source) {
      Table table = source.table();
      return new Lineage.Dataset(
          read.name(), Optional.of(table.name()), table.format().word(), columns);
    }
    String kind = ((Source.Files) read.source()).kind();
    return new Lineage.Dataset(read.name(), Optional.empty(), kind, columns);
  }

  private static Lineage.Dataset output(JobSpec spec, StructType schema) {
    String name = spec.target().name();
    return spec.table()
        .map(
            table ->
                new Lineage.Dataset(name, Optional.of(name), table.format().word(), fields(schema)))
        .orElseGet(
            () ->
                new Lineage.Dataset(
                    name,
                    Optional.empty(),
                    ((JobSpec.IntoSink) spec.target()).sink().kind(),
                    fields(schema)));
  }

  private static List<Field> fields(StructType schema) {
    return Arrays.stream(schema.fields())
        .filter(field -> !field.name().startsWith("_sluice"))
        .map(LineageFacts::field)
        .toList();
  }

  private static Field field(StructField field) {
    Optional<String> comment =
        field.getComment().isDefined() ? Optional.of(field.getComment().get()) : Optional.empty();
    return new Field(field.name(), field.dataType().simpleString(), comment);
  }
}
