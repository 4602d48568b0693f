package dev.sluice.runtime.engine;

import dev.sluice.model.Receipt;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The memory of this process: its container's limit, its heap, and what it has had at most. */
final class MemoryFacts {
  /** Where Linux tells a container its limit: control groups version 2, then version 1. */
  private static final List<Path> LIMITS =
      List.of(
          Path.of("/sys/fs/cgroup/memory.max"),
          Path.of("/sys/fs/cgroup/memory/memory.limit_in_bytes"));

  /** What version 1 says where there is no limit is near the greatest long. */
  private static final long NO_LIMIT = 1L << 50;

  private static final Path STATUS = Path.of("/proc/self/status");

  /** The most memory that the process has had at once ("high water mark"). */
  private static final Pattern PEAK = Pattern.compile("(?m)^VmHWM:\\s+(\\d+) kB$");

  private MemoryFacts() {}

  static Receipt.Memory now() {
    Runtime jvm = Runtime.getRuntime();
    return new Receipt.Memory(limit(), jvm.maxMemory(), jvm.totalMemory() - jvm.freeMemory());
  }

  /**
   * What the heap has held at most, garbage included. The parts of a heap have their peaks at times
   * of their own, so their sum may be somewhat more than was ever there at once.
   */
  static long heapPeak() {
    long parts =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP && pool.isValid())
            .map(MemoryPoolMXBean::getPeakUsage)
            .mapToLong(MemoryUsage::getUsed)
            .sum();
    return Math.min(parts, Runtime.getRuntime().maxMemory());
  }

  /** What the process has had in memory at most, heap and all else; empty outside Linux. */
  static Optional<Long> rssPeak() {
    return read(STATUS)
        .map(PEAK::matcher)
        .filter(Matcher::find)
        .map(found -> Long.parseLong(found.group(1)) << 10);
  }

  /** How long this JVM has collected garbage, in milliseconds. */
  static long gcMillis() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(GarbageCollectorMXBean::getCollectionTime)
        .filter(millis -> millis > 0)
        .sum();
  }

  private static Optional<Long> limit() {
    return LIMITS.stream()
        .flatMap(file -> read(file).stream())
        .map(String::strip)
        .filter(text -> text.matches("\\d+"))
        .map(Long::parseLong)
        .findFirst()
        .filter(bytes -> bytes < NO_LIMIT);
  }

  private static Optional<String> read(Path file) {
    try {
      return Optional.of(Files.readString(file));
    } catch (IOException e) {
      return Optional.empty(); // not this version of control groups, or not Linux
    }
  }
}
