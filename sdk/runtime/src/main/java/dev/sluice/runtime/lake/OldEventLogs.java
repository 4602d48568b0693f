package dev.sluice.runtime.lake;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/** The event logs of earlier runs, which nobody keeps for ever. */
final class OldEventLogs {
  /**
   * The folder of a run's log: the run's id begins with its time, which no object store forgets.
   */
  private static final Pattern NAME = Pattern.compile("eventlog_v2_(\\d{8}t\\d{6}z)-[0-9a-f]{6}");

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd't'HHmmss'z'").withZone(ZoneOffset.UTC);

  /** The most that one run removes: the next goes on where it has ended. */
  static final int MOST = 100;

  private OldEventLogs() {}

  /**
   * Removes the logs of runs that began before an age.
   *
   * @return how many
   */
  static int remove(String folder, Duration age, Configuration hadoop) throws IOException {
    Path path = new Path(URI.create(folder));
    FileSystem files = path.getFileSystem(hadoop);
    boolean inOrder = !folder.startsWith("file:"); // object stores list by name, so by time
    Instant limit = Instant.now().minus(age);
    int removed = 0;
    try {
      RemoteIterator<FileStatus> logs = files.listStatusIterator(path);
      while (removed < MOST && logs.hasNext()) {
        FileStatus log = logs.next();
        Matcher name = NAME.matcher(log.getPath().getName());
        if (!name.matches()) {
          continue;
        }
        if (TIME.parse(name.group(1), Instant::from).isBefore(limit)) {
          removed += files.delete(log.getPath(), true) ? 1 : 0;
        } else if (inOrder) {
          break;
        }
      }
    } catch (FileNotFoundException none) {
      return removed; // the first run of this lake, or another one has been faster
    }
    return removed;
  }
}
