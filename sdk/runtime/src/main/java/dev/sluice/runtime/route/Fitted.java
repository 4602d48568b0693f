package dev.sluice.runtime.route;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.sluice.model.RunKey;
import dev.sluice.runtime.spi.Commit;
import dev.sluice.runtime.spi.RunFacts;
import dev.sluice.runtime.spi.Staging;
import dev.sluice.runtime.spi.Target;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.BoundReference;
import org.apache.spark.sql.catalyst.expressions.Cast$;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.connector.write.BatchWrite;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.DataWriterFactory;
import org.apache.spark.sql.connector.write.PhysicalWriteInfo;
import org.apache.spark.sql.connector.write.Write;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Rows on their way into a table whose columns stay as they are, though they are declared
 * otherwise.
 *
 * <p>The gate sees rows as declared, and lets none pass that the table cannot hold.
 */
public final class Fitted implements Staging {
  private final Staging staging;
  private final StructType declared;
  private final StructType landing;

  private Fitted(Staging staging, StructType declared, StructType landing) {
    this.staging = staging;
    this.declared = declared;
    this.landing = landing;
  }

  /** Begins to stage one run's rows, which are cut to the target where it asks so. */
  public static Staging stage(Target target, RunKey key, String runId, StructType declared) {
    StructType landing = target.fit().landing(declared);
    return of(target.stage(key, runId, landing), declared, landing);
  }

  /** Cuts rows to the columns that a staging takes, where those are others. */
  public static Staging of(Staging staging, StructType declared, StructType landing) {
    return landing.equals(declared) ? staging : new Fitted(staging, declared, landing);
  }

  @Override
  public Write write() {
    return new BatchedWrite(staging.write(), batch -> new Cut(batch, projection()));
  }

  /** The columns of a row that lands, taken from one that was declared. */
  private List<Expression> projection() {
    List<Expression> columns = new ArrayList<>();
    for (StructField field : landing.fields()) {
      int ordinal = declared.fieldIndex(field.name());
      Expression value = new BoundReference(ordinal, declared.apply(ordinal).dataType(), true);
      columns.add(
          value.dataType().equals(field.dataType())
              ? value
              : Cast$.MODULE$.apply(value, field.dataType(), scala.Option.apply("UTC"), true));
    }
    return columns;
  }

  private record Cut(BatchWrite batch, List<Expression> columns) implements BatchWrite {
    @Override
    public DataWriterFactory createBatchWriterFactory(PhysicalWriteInfo info) {
      return new Factory(batch.createBatchWriterFactory(info), new ArrayList<>(columns));
    }

    @Override
    public void commit(WriterCommitMessage[] messages) {
      batch.commit(messages);
    }

    @Override
    public void abort(WriterCommitMessage[] messages) {
      batch.abort(messages);
    }
  }

  private record Factory(DataWriterFactory writers, ArrayList<Expression> columns)
      implements DataWriterFactory, Serializable {
    @Override
    public DataWriter<InternalRow> createWriter(int partition, long task) {
      var sequence = scala.jdk.javaapi.CollectionConverters.asScala(columns).toSeq();
      return new Writer(writers.createWriter(partition, task), UnsafeProjection.create(sequence));
    }
  }

  private record Writer(DataWriter<InternalRow> writer, UnsafeProjection projection)
      implements DataWriter<InternalRow> {
    @Override
    public void write(InternalRow row) throws IOException {
      writer.write(projection.apply(row));
    }

    @Override
    public WriterCommitMessage commit() throws IOException {
      return writer.commit();
    }

    @Override
    public void abort() throws IOException {
      writer.abort();
    }

    @Override
    public void close() throws IOException {
      writer.close();
    }
  }

  @Override
  public void staged(WriterCommitMessage[] messages) {
    staging.staged(messages);
  }

  @Override
  public long rowCount() {
    return staging.rowCount();
  }

  @Override
  public Optional<Files> files() {
    return staging.files();
  }

  /** The staged rows with the columns that are declared. */
  @Override
  public Optional<Dataset<Row>> rows(SparkSession spark) {
    List<String> there = Arrays.asList(landing.fieldNames());
    Column[] columns =
        Arrays.stream(declared.fields())
            .map(
                field ->
                    (there.contains(field.name()) ? col("`" + field.name() + "`") : lit(null))
                        .cast(field.dataType())
                        .as(field.name()))
            .toArray(Column[]::new);
    return staging.rows(spark).map(rows -> rows.select(columns));
  }

  @Override
  public Commit publish(RunFacts facts) {
    return staging.publish(facts);
  }

  @Override
  public void verify() {
    staging.verify();
  }

  @Override
  public void discard() {
    staging.discard();
  }
}
