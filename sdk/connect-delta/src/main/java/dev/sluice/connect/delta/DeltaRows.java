package dev.sluice.connect.delta;

import dev.sluice.model.Table;
import dev.sluice.model.Write;
import dev.sluice.runtime.lake.Schemas;
import dev.sluice.runtime.lake.StagedFile;
import dev.sluice.runtime.spi.LakeAccess;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.paths.SparkPath;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.catalog.ExternalCatalogUtils;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.EqualNullSafe;
import org.apache.spark.sql.catalyst.expressions.EvalMode;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.Or;
import org.apache.spark.sql.delta.OptimisticTransaction;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/** What staged files change in a table's log: they are added, and those that they replace go. */
record DeltaRows(LakeAccess lake, Table table, Write write, List<StagedFile> files) {

  /** The changes; what they rest on is noted as read by the transaction. */
  List<Action> actions(OptimisticTransaction transaction) {
    List<Action> actions = new ArrayList<>();
    replaced(transaction).forEach(file -> actions.add(file.remove()));
    files.forEach(file -> actions.add(added(file)));
    return actions;
  }

  private List<AddFile> replaced(OptimisticTransaction transaction) {
    return switch (write.mode()) {
      case APPEND -> List.of();
      case REPLACE_TABLE -> CollectionConverters.asJava(transaction.filterFiles());
      case REPLACE_PARTITIONS -> inPartitions(transaction);
      case UPSERT, APPLY_CHANGES, HISTORY ->
          throw new IllegalStateException("rows that merge are staged apart");
    };
  }

  private List<AddFile> inPartitions(OptimisticTransaction transaction) {
    if (files.isEmpty()) {
      return List.of();
    }
    if (table.partitions().isEmpty()) {
      return CollectionConverters.asJava(transaction.filterFiles());
    }
    List<Expression> partitions =
        files.stream().map(StagedFile::partition).distinct().map(this::isPartition).toList();
    return CollectionConverters.asJava(
        transaction.filterFiles(AsScala.seq(List.of(anyOf(partitions))), false));
  }

  /** As flat as can be: a chain of thousands would be too deep for Spark. */
  private static Expression anyOf(List<Expression> conditions) {
    int half = conditions.size() / 2;
    return half == 0
        ? conditions.get(0)
        : new Or(
            anyOf(conditions.subList(0, half)), anyOf(conditions.subList(half, conditions.size())));
  }

  /** Names no attribute of a plan: Delta puts its own in the place of the columns' names. */
  private Expression isPartition(List<String> values) {
    StructType types = Schemas.spark(table.columns());
    Map<String, String> texts = partition(values);
    return table.partitions().stream()
        .<Expression>map(
            name ->
                new EqualNullSafe(
                    new UnresolvedAttribute(AsScala.seq(List.of(name))),
                    new Cast(
                        Literal.create(texts.get(name), DataTypes.StringType),
                        types.apply(name).dataType(),
                        Option.empty(),
                        EvalMode.LEGACY())))
        .reduce(And::new)
        .orElseThrow();
  }

  /** The values as Delta writes them, null where there is none. */
  private Map<String, String> partition(List<String> values) {
    Map<String, String> partition = new LinkedHashMap<>();
    IntStream.range(0, values.size())
        .forEach(
            i -> {
              boolean none = values.get(i).equals(ExternalCatalogUtils.DEFAULT_PARTITION_NAME());
              partition.put(table.partitions().get(i), none ? null : values.get(i));
            });
    return partition;
  }

  private AddFile added(StagedFile file) {
    String root = lake.location(table);
    return new AddFile(
        SparkPath.fromPath(new Path(file.path().substring(root.length() + 1))).urlEncoded(),
        AsScala.map(partition(file.partition())),
        file.bytes(),
        file.modified(),
        true,
        "{\"numRecords\":" + file.rows() + "}",
        null,
        null,
        Option.empty(),
        Option.empty(),
        Option.empty(),
        Option.empty(),
        Option.empty());
  }
}
