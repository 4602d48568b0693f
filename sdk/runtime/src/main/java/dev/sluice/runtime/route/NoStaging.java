package dev.sluice.runtime.route;

import dev.sluice.runtime.spi.Commit;
import dev.sluice.runtime.spi.RunFacts;
import dev.sluice.runtime.spi.Staging;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.write.BatchWrite;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.DataWriterFactory;
import org.apache.spark.sql.connector.write.PhysicalWriteInfo;
import org.apache.spark.sql.connector.write.Write;
import org.apache.spark.sql.connector.write.WriterCommitMessage;

/** The quarantine of a run that can have no bad rows: nothing asks anything of them. */
public final class NoStaging implements Staging {

  @Override
  public Write write() {
    return new Write() {
      @Override
      public BatchWrite toBatch() {
        return new Nothing();
      }
    };
  }

  @Override
  public void staged(WriterCommitMessage[] messages) {}

  @Override
  public long rowCount() {
    return 0;
  }

  @Override
  public Optional<Dataset<Row>> rows(SparkSession spark) {
    return Optional.empty();
  }

  @Override
  public Commit publish(RunFacts facts) {
    return new Commit(facts.entry(), Optional.empty(), false);
  }

  @Override
  public void discard() {}

  private record Done() implements WriterCommitMessage {}

  private static final class Nothing implements BatchWrite {
    @Override
    public DataWriterFactory createBatchWriterFactory(PhysicalWriteInfo info) {
      return (partition, task) -> new NothingWriter();
    }

    @Override
    public void commit(WriterCommitMessage[] messages) {}

    @Override
    public void abort(WriterCommitMessage[] messages) {}
  }

  private static final class NothingWriter implements DataWriter<InternalRow> {
    @Override
    public void write(InternalRow row) {
      throw new IllegalStateException("a row was rejected, but nothing rejects rows here");
    }

    @Override
    public WriterCommitMessage commit() {
      return new Done();
    }

    @Override
    public void abort() {}

    @Override
    public void close() {}
  }
}
