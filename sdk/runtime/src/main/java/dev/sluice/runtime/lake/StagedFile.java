package dev.sluice.runtime.lake;

import java.io.Serializable;
import java.util.List;

/**
 * A file that a task has written.
 *
 * @param path where it is, below the table's root
 * @param partition the text of each partition column, in order
 * @param rows how many it holds
 * @param bytes its size
 * @param modified when it was written, in milliseconds since 1970
 */
public record StagedFile(String path, List<String> partition, long rows, long bytes, long modified)
    implements Serializable {}
