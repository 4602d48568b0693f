package dev.sluice.runtime.spi;

import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.write.Write;
import org.apache.spark.sql.connector.write.WriterCommitMessage;

/** One run's rows on their way into a target: written, but not yet visible to anybody. */
public interface Staging {

  /** What Spark writes the rows through. */
  Write write();

  /** Takes the messages of the tasks that committed; afterwards the rows can be read back. */
  void staged(WriterCommitMessage[] messages);

  /** How many rows were staged, as the target itself counts them. */
  long rowCount();

  /** Files that hold staged rows. */
  record Files(long count, long bytes) {}

  /** The files that the staged rows lie in; empty where they are no files of the target's. */
  default Optional<Files> files() {
    return Optional.empty();
  }

  /** The staged rows; empty where the target cannot read them back. */
  Optional<Dataset<Row>> rows(SparkSession spark);

  /**
   * Looks whether what was staged lies on storage as the settings ask; nothing is published else.
   *
   * @throws dev.sluice.model.SluiceException that names the first file which does not
   */
  default void verify() {}

  /**
   * Makes the rows visible in one atomic commit, together with the ledger entry.
   *
   * @throws dev.sluice.model.SluiceException with exit code CONFLICT where another writer was
   *     faster, with COMMIT_UNKNOWN where the outcome is not known
   */
  Commit publish(RunFacts facts);

  /** Removes what was staged; never called once {@link #publish} has begun. */
  void discard();
}
