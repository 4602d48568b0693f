package dev.sluice.runtime.spi;

import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A table as it stood at one moment.
 *
 * @param rows its rows; a later write does not change them
 * @param uri where it is
 * @param snapshotId the snapshot that is read, where the format has snapshots
 */
public record PinnedTable(Dataset<Row> rows, String uri, Optional<String> snapshotId) {}
