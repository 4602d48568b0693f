package dev.sluice.runtime.lake;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.SluiceException;
import dev.sluice.runtime.spi.FailPoint;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A folder that one run has written.
 *
 * @param path where it is
 * @param files how many files it holds
 * @param bytes their size
 * @param newest when it was last written to, in milliseconds
 */
public record RunFolder(Path path, long files, long bytes, long newest) {
  /** How runs are called, and replays; what is called otherwise is not ours to remove. */
  private static final Pattern RUN =
      Pattern.compile("(\\d{8}T\\d{6}Z-[0-9a-f]{6}|replay-[0-9a-f]{8})(-again)?");

  /** Those below a place, so many folders deeper; none where there is no such place. */
  static List<RunFolder> below(String root, int depth, Configuration hadoop) {
    List<RunFolder> found = new ArrayList<>();
    Path place = new Path(root);
    try {
      collect(place.getFileSystem(hadoop), place, depth, found);
      return found;
    } catch (IOException e) {
      throw unreadable("read", place, e);
    }
  }

  private static void collect(FileSystem files, Path place, int depth, List<RunFolder> found)
      throws IOException {
    for (FileStatus child : children(files, place)) {
      if (child.isDirectory() && depth > 0) {
        collect(files, child.getPath(), depth - 1, found);
      } else if (child.isDirectory() && RUN.matcher(child.getPath().getName()).matches()) {
        found.add(of(files, child));
      }
    }
  }

  private static FileStatus[] children(FileSystem files, Path place) throws IOException {
    try {
      return files.listStatus(place);
    } catch (FileNotFoundException e) {
      return new FileStatus[0];
    }
  }

  private static RunFolder of(FileSystem files, FileStatus folder) throws IOException {
    long count = 0;
    long bytes = 0;
    long newest = folder.getModificationTime(); // an object store has none
    for (FileStatus file : children(files, folder.getPath())) {
      count++;
      bytes += file.getLen();
      newest = Math.max(newest, file.getModificationTime());
    }
    return new RunFolder(folder.getPath(), count, bytes, newest);
  }

  /** The folder as it is at an address. */
  static RunFolder at(String location, Configuration hadoop) {
    Path place = new Path(location);
    try {
      FileSystem files = place.getFileSystem(hadoop);
      return of(files, files.getFileStatus(place));
    } catch (IOException e) {
      throw unreadable("read", place, e);
    }
  }

  /** The addresses of its files. */
  Stream<String> content(Configuration hadoop) {
    try {
      return Arrays.stream(children(path.getFileSystem(hadoop), path))
          .map(file -> file.getPath().toString());
    } catch (IOException e) {
      throw unreadable("read", path, e);
    }
  }

  /** Its path without how it is reached, by which it is compared with what a catalog says. */
  String place() {
    return path.toUri().getPath();
  }

  /** Removes it with all that it holds. */
  public void remove(Configuration hadoop) {
    try {
      path.getFileSystem(hadoop).delete(path, true);
      FailPoint.BETWEEN_POINTERS.hit();
    } catch (IOException e) {
      throw unreadable("remove", path, e);
    }
  }

  private static SluiceException unreadable(String verb, Path place, IOException e) {
    return new SluiceException(
        ErrorKind.INFRA,
        String.format(
            "Cannot %s %s: %s. Check the rights on that place and run again",
            verb, place, e.getMessage()),
        e);
  }
}
