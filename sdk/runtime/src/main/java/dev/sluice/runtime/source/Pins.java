package dev.sluice.runtime.source;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.Receipt.PinnedFile;
import dev.sluice.model.SluiceException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The files of a source as they are at one moment, and whether they are so still. */
public final class Pins {
  private Pins() {}

  /**
   * The files at an address, in the order of their names.
   *
   * @param name what the job calls what it reads
   * @param uri file, folder or pattern
   */
  public static List<PinnedFile> of(Configuration hadoop, String name, String uri) {
    try {
      Path pattern = new Path(uri);
      FileSystem fs = pattern.getFileSystem(hadoop);
      List<PinnedFile> files = new ArrayList<>();
      int hidden = 0;
      for (FileStatus file : files(fs, pattern)) {
        if (file.getPath().getName().matches("[._].*")) {
          hidden++;
        } else {
          files.add(pinned(file));
        }
      }
      if (files.isEmpty()) {
        throw none(name, uri, hidden);
      }
      files.sort(Comparator.comparing(PinnedFile::uri));
      return files;
    } catch (IOException | IllegalArgumentException e) {
      throw SluiceException.source(
          e,
          "Cannot read %s at %s: %s. Check the address and the rights",
          name,
          uri,
          BrokenFile.reason(e));
    }
  }

  private static SluiceException none(String name, String uri, int hidden) {
    String those =
        hidden == 0 ? "" : " but " + hidden + " hidden, by names that begin with '_' or '.'";
    return new SluiceException(
        ErrorKind.SOURCE,
        String.format(
            "Cannot read %s: there is no file at %s%s. Put the file there or correct the setting"
                + " that names it",
            name, uri, those));
  }

  private static List<FileStatus> files(FileSystem fs, Path pattern) throws IOException {
    List<FileStatus> files = new ArrayList<>();
    FileStatus[] found = fs.globStatus(pattern);
    for (FileStatus status : found == null ? new FileStatus[0] : found) {
      FileStatus[] inside =
          status.isDirectory() ? fs.listStatus(status.getPath()) : new FileStatus[] {status};
      for (FileStatus file : inside) {
        if (file.isFile()) {
          files.add(file);
        }
      }
    }
    return files;
  }

  private static PinnedFile pinned(FileStatus status) {
    Optional<String> etag =
        status instanceof EtagSource named
            ? Optional.ofNullable(named.getEtag())
            : Optional.empty();
    return new PinnedFile(
        status.getPath().toString(),
        status.getLen(),
        Instant.ofEpochMilli(status.getModificationTime()),
        etag);
  }

  /**
   * The files that an earlier run has pinned.
   *
   * @throws SluiceException of kind SOURCE that names one which is no longer what it was
   */
  public static List<PinnedFile> again(Configuration hadoop, String name, List<PinnedFile> then) {
    firstChange(hadoop, then)
        .ifPresent(
            change -> {
              throw new SluiceException(
                  ErrorKind.SOURCE,
                  String.format(
                      "Cannot read %s as an earlier run did: %s since then. Put it back, or run"
                          + " without --inputs",
                      name, change));
            });
    return then;
  }

  /**
   * What has become of a pinned file that is no longer what it was, as an error to end the run
   * with; empty where all are as they were.
   */
  public static Optional<SluiceException> change(
      Configuration hadoop, String name, List<PinnedFile> files) {
    return firstChange(hadoop, files)
        .map(
            change ->
                new SluiceException(
                    ErrorKind.SOURCE,
                    String.format(
                        "Cannot publish what was read of %s: %s while it was read. Nothing was"
                            + " published; run again when nobody writes there",
                        name, change)));
  }

  private static Optional<String> firstChange(Configuration hadoop, List<PinnedFile> files) {
    return EachFile.ask(files, file -> change(hadoop, file)).stream()
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<String> change(Configuration hadoop, PinnedFile then) {
    Path path = new Path(then.uri());
    try {
      PinnedFile now = pinned(path.getFileSystem(hadoop).getFileStatus(path));
      if (now.bytes() != then.bytes()) {
        return Optional.of(
            String.format(
                "%s has changed from %d to %d bytes", then.uri(), then.bytes(), now.bytes()));
      }
      return now.equals(then) ? Optional.empty() : Optional.of(then.uri() + " was replaced");
    } catch (FileNotFoundException e) {
      return Optional.of(then.uri() + " was removed");
    } catch (IOException e) {
      throw SluiceException.source(
          e,
          "Cannot tell whether %s is still what was read: %s. Check storage and rights, then run"
              + " again",
          then.uri(),
          BrokenFile.reason(e));
    }
  }
}
