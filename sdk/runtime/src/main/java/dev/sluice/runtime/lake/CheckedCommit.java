package dev.sluice.runtime.lake;

import java.util.function.Consumer;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.Transactions;
import org.apache.iceberg.encryption.EncryptionManager;
import org.apache.iceberg.exceptions.CleanableFailure;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;

/**
 * Lets a commit through only while a check holds for the table that it changes.
 *
 * <p>Iceberg tries a commit again on what another writer has made meanwhile, and an append fits
 * onto anything. So the question is asked where every attempt passes, about just that state of the
 * table which the catalog will compare.
 *
 * @param check throws a ValidationException where the commit may not be made
 */
record CheckedCommit(TableOperations table, Consumer<TableMetadata> check)
    implements TableOperations {

  /** A transaction each attempt of whose commit is checked. */
  static Transaction transaction(Table there, Consumer<TableMetadata> check) {
    TableOperations operations = ((HasTableOperations) there).operations();
    return Transactions.newTransaction(there.name(), new CheckedCommit(operations, check));
  }

  /** Whatever does not say that nothing was changed leaves open whether it was. */
  @Override
  public void commit(TableMetadata base, TableMetadata metadata) {
    check.accept(base);
    try {
      table.commit(base, metadata);
    } catch (CommitStateUnknownException e) {
      throw e;
    } catch (RuntimeException e) {
      throw e instanceof CleanableFailure ? e : new CommitStateUnknownException(e);
    }
  }

  @Override
  public TableMetadata current() {
    return table.current();
  }

  @Override
  public TableMetadata refresh() {
    return table.refresh();
  }

  @Override
  public FileIO io() {
    return table.io();
  }

  @Override
  public EncryptionManager encryption() {
    return table.encryption();
  }

  @Override
  public String metadataFileLocation(String fileName) {
    return table.metadataFileLocation(fileName);
  }

  @Override
  public LocationProvider locationProvider() {
    return table.locationProvider();
  }

  @Override
  public TableOperations temp(TableMetadata uncommitted) {
    return table.temp(uncommitted);
  }

  @Override
  public long newSnapshotId() {
    return table.newSnapshotId();
  }

  @Override
  public boolean requireStrictCleanup() {
    return table.requireStrictCleanup();
  }
}
