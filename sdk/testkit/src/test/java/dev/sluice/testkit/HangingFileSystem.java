package dev.sluice.testkit;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.locks.LockSupport;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** A store that never answers: {@code hangs://…}. */
public final class HangingFileSystem extends RawLocalFileSystem {
  @Override
  public String getScheme() {
    return "hangs";
  }

  @Override
  public void initialize(URI uri, Configuration hadoop) throws IOException {
    while (true) {
      LockSupport.park();
    }
  }
}
