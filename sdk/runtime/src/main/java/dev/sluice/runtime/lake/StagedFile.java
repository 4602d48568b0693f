package dev.sluice.runtime.lake;

import java.io.Serializable;
import java.util.List;

/**
 * A file that a task has written.
 *
 * @param path where it is, below the table's root
 * @param partition the text of each partition column, in order
 * @param rows how many it holds
 */
public record StagedFile(String path, List<String> partition, long rows) implements Serializable {}
