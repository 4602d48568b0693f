package dev.sluice.runtime.lake;

import dev.sluice.runtime.route.BatchedWrite;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.avro.AvroSchemaUtil;
import org.apache.iceberg.spark.source.SparkTable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.write.BatchWrite;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.Write;
import org.apache.spark.sql.connector.write.WriteBuilder;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * Rows staged in an Iceberg table as a snapshot that no branch points to (write-audit-publish).
 *
 * <p>The snapshot's id in Iceberg's staging is the run key's hash with the run's id, so that two
 * attempts at one piece of work never mistake each other's rows for their own.
 */
final class IcebergStaging {
  private final SparkSession spark;
  private final Table table;
  private final StructType schema;
  private final StagedSnapshot snapshot;
  private final Write write;
  private BatchWrite batch;

  /** How the rows meet those that are there. */
  interface Mode extends Function<WriteBuilder, WriteBuilder> {}

  private record Info(String queryId, StructType schema, CaseInsensitiveStringMap options)
      implements LogicalWriteInfo {
    @Override
    public Optional<StructType> rowIdSchema() {
      return Optional.empty();
    }

    @Override
    public Optional<StructType> metadataSchema() {
      return Optional.empty();
    }
  }

  IcebergStaging(
      SparkSession spark,
      Table table,
      StructType schema,
      String wapId,
      Map<String, String> summary,
      Mode mode) {
    this.spark = spark;
    this.table = table;
    this.schema = schema;
    this.snapshot = new StagedSnapshot(table, wapId);
    Map<String, String> options = new java.util.HashMap<>();
    summary.forEach((key, value) -> options.put("snapshot-property." + key, value));
    // A column that was added later stands last in the table, wherever it is declared.
    options.put("check-ordering", "false");
    Info info =
        new Info(UUID.randomUUID().toString(), schema, new CaseInsensitiveStringMap(options));
    this.write =
        snapshot.staging(
            spark, () -> mode.apply(new SparkTable(table).newWriteBuilder(info)).build());
  }

  /** The write; the commit of its batch is called later than Spark would. */
  Write write() {
    return new BatchedWrite(write, made -> batch = made);
  }

  /** Commits the tasks' files as a staged snapshot. */
  void staged(WriterCommitMessage[] messages) {
    batch.commit(messages);
    table.refresh();
  }

  /** What was staged. */
  StagedSnapshot snapshot() {
    return snapshot;
  }

  /** The staged rows, read from their files: a staged snapshot would hold older rows as well. */
  Dataset<Row> rows() {
    List<String> paths = snapshot.added().stream().map(DataFile::location).toList();
    if (paths.isEmpty()) {
      return spark.createDataFrame(List.of(), schema);
    }
    StructType inFiles = (StructType) inFiles(schema);
    Dataset<Row> rows = spark.read().schema(inFiles).parquet(paths.toArray(String[]::new));
    return rows.select(
        IntStream.range(0, schema.length())
            .mapToObj(i -> declared(inFiles.apply(i).name(), schema.apply(i)))
            .toArray(Column[]::new));
  }

  private static Column declared(String inFiles, StructField field) {
    return functions.col("`" + inFiles + "`").cast(field.dataType()).as(field.name());
  }

  /** The type with the names that Iceberg gives to columns in files: letters, digits and _. */
  private static DataType inFiles(DataType type) {
    if (type instanceof StructType struct) {
      return new StructType(
          Arrays.stream(struct.fields())
              .map(
                  field ->
                      new StructField(
                          AvroSchemaUtil.makeCompatibleName(field.name()),
                          inFiles(field.dataType()),
                          field.nullable(),
                          field.metadata()))
              .toArray(StructField[]::new));
    }
    if (type instanceof ArrayType array) {
      return new ArrayType(inFiles(array.elementType()), array.containsNull());
    }
    return type instanceof MapType map
        ? new MapType(inFiles(map.keyType()), inFiles(map.valueType()), map.valueContainsNull())
        : type;
  }
}
