package dev.sluice.runtime.lake;

import dev.sluice.runtime.spi.FailPoint;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;

/** Removes files one by one, and counts them and their bytes. */
final class Removal implements Consumer<String> {
  private final FileIO io;
  private final AtomicLong files = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();

  Removal(FileIO io) {
    this.io = io;
  }

  @Override
  public void accept(String location) {
    count(location);
    io.deleteFile(location);
    FailPoint.BETWEEN_POINTERS.hit();
  }

  /** Counts a file that stays. */
  void count(String location) {
    files.incrementAndGet();
    try {
      bytes.addAndGet(io.newInputFile(location).getLength());
    } catch (NotFoundException e) {
      // Another run has removed it: what is gone has no size.
      System.getLogger(Removal.class.getName()).log(System.Logger.Level.DEBUG, "size", e);
    }
  }

  long files() {
    return files.get();
  }

  long bytes() {
    return bytes.get();
  }
}
