package dev.sluice.runtime.engine;

import dev.sluice.model.Receipt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The memory of this process: its container's limit and its heap. */
final class MemoryFacts {
  /** Where Linux tells a container its limit: control groups version 2, then version 1. */
  private static final List<Path> LIMITS =
      List.of(
          Path.of("/sys/fs/cgroup/memory.max"),
          Path.of("/sys/fs/cgroup/memory/memory.limit_in_bytes"));

  /** What version 1 says where there is no limit is near the greatest long. */
  private static final long NO_LIMIT = 1L << 50;

  private MemoryFacts() {}

  static Receipt.Memory now() {
    Runtime jvm = Runtime.getRuntime();
    return new Receipt.Memory(limit(), jvm.maxMemory(), jvm.totalMemory() - jvm.freeMemory());
  }

  private static Optional<Long> limit() {
    for (Path file : LIMITS) {
      try {
        String text = Files.readString(file).strip();
        if (text.matches("\\d+")) {
          return Optional.of(Long.parseLong(text)).filter(bytes -> bytes < NO_LIMIT);
        }
      } catch (IOException e) {
        // Not this version of control groups, or not Linux.
      }
    }
    return Optional.empty();
  }
}
