package dev.sluice.connect.delta;

import dev.sluice.runtime.spi.FailPoint;
import java.util.ConcurrentModificationException;
import java.util.function.Consumer;
import org.apache.spark.sql.delta.NoOpTransactionExecutionObserver$;
import org.apache.spark.sql.delta.OptimisticTransaction;
import org.apache.spark.sql.delta.TransactionExecutionObserver;
import scala.Function0;
import scala.Option;

/** Looks on while one of Delta's own commands makes its transaction, and may end it. */
final class Observed implements TransactionExecutionObserver {
  private final Consumer<OptimisticTransaction> start;
  private final Runnable commit;
  private Option<TransactionExecutionObserver> next = Option.empty();

  private Observed(Consumer<OptimisticTransaction> start, Runnable commit) {
    this.start = start;
    this.commit = commit;
  }

  /**
   * Lets a transaction begin only at the version that was looked at: from there on Delta itself
   * sees what others change.
   */
  static Observed from(long version) {
    return new Observed(transaction -> requireVersion(transaction, version), () -> {});
  }

  /** Lets tests make the commit fail. */
  static Observed failing() {
    return new Observed(transaction -> {}, FailPoint.BEFORE_COMMIT::hit);
  }

  private static void requireVersion(OptimisticTransaction transaction, long version) {
    if (transaction.readVersion() != version) {
      throw new ConcurrentModificationException(
          "version " + transaction.readVersion() + " came after version " + version);
    }
  }

  @Override
  public OptimisticTransaction startingTransaction(Function0<OptimisticTransaction> begin) {
    OptimisticTransaction transaction = begin.apply();
    start.accept(transaction);
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
  public void beginDoCommit() {
    commit.run();
  }

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
