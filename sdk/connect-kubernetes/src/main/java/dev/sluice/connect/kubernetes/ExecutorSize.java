package dev.sluice.connect.kubernetes;

import dev.sluice.model.Quantity;
import dev.sluice.model.SluiceException;

/**
 * How an executor's container is divided.
 *
 * @param heapMib what the heap may take, in MiB
 * @param overheadMib what is left for all else, in MiB
 * @param cores how many tasks it works on at once
 * @param cpu the cores that its container asks for
 */
record ExecutorSize(long heapMib, long overheadMib, long cores, String cpu) {
  /** As the image starts its JVM: {@code -XX:MaxRAMPercentage}. */
  private static final double HEAP_SHARE = 0.6;

  /** Spark refuses to start with less: one and a half times what it keeps for itself. */
  private static final long LEAST_HEAP_MIB = 450;

  /** Divides a container of some memory and some cores, in Kubernetes quantities. */
  static ExecutorSize of(String memory, String cpu) {
    long mib = Quantity.parse(memory) >> 20;
    long heap = (long) (mib * HEAP_SHARE);
    if (heap < LEAST_HEAP_MIB) {
      throw SluiceException.config(
          "Cannot run on executors of %s: of its %d MiB the heap gets %d, and Spark needs %d. Ask for"
              + " %dMi or more",
          memory, mib, heap, LEAST_HEAP_MIB, (long) Math.ceil(LEAST_HEAP_MIB / HEAP_SHARE));
    }
    return new ExecutorSize(heap, mib - heap, Math.max(1, Quantity.parse(cpu)), cpu);
  }
}
