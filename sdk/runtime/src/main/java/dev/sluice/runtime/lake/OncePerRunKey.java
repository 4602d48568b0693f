package dev.sluice.runtime.lake;

import dev.sluice.runtime.spi.Ledger;
import dev.sluice.runtime.spi.RunFacts;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.encryption.EncryptionManager;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;

/**
 * Lets a commit through only while the ledger does not know its run key.
 *
 * <p>Iceberg tries a commit again on what another writer has made meanwhile, and an append fits
 * onto anything. So the question is asked where every attempt passes, about just that state of the
 * table which the catalog will compare.
 */
record OncePerRunKey(TableOperations table, RunFacts facts) implements TableOperations {

  @Override
  public void commit(TableMetadata base, TableMetadata metadata) {
    if (Ledger.find(base.properties(), facts.runKey()).isPresent()) {
      throw new ValidationException("a run with the key %s has published", facts.runKey());
    }
    table.commit(base, metadata);
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
