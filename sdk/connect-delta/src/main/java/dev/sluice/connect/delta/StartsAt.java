package dev.sluice.connect.delta;

import java.util.ConcurrentModificationException;
import org.apache.spark.sql.delta.NoOpTransactionExecutionObserver$;
import org.apache.spark.sql.delta.OptimisticTransaction;
import org.apache.spark.sql.delta.TransactionExecutionObserver;
import scala.Function0;
import scala.Option;

/**
 * Lets a transaction begin only at the version that was looked at: from there on Delta itself sees
 * what others change.
 */
final class StartsAt implements TransactionExecutionObserver {
  private final long version;
  private Option<TransactionExecutionObserver> next = Option.empty();

  StartsAt(long version) {
    this.version = version;
  }

  @Override
  public OptimisticTransaction startingTransaction(Function0<OptimisticTransaction> start) {
    OptimisticTransaction transaction = start.apply();
    if (transaction.readVersion() != version) {
      throw new ConcurrentModificationException(
          "version " + transaction.readVersion() + " came after version " + version);
    }
    return transaction;
  }

  @Override
  public <T> T preparingCommit(Function0<T> prepare) {
    return prepare.apply();
  }

  @Override
  public TransactionExecutionObserver createChild() {
    return NoOpTransactionExecutionObserver$.MODULE$;
  }

  @Override
  public void beginDoCommit() {}

  @Override
  public void beginBackfill() {}

  @Override
  public void beginPostCommit() {}

  @Override
  public void transactionCommitted() {}

  @Override
  public void transactionAborted() {}

  @Override
  public Option<TransactionExecutionObserver> nextObserver() {
    return next;
  }

  @Override
  public void nextObserver_$eq(Option<TransactionExecutionObserver> observer) {
    next = observer;
  }
}
