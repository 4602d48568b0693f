package dev.sluice.runtime.engine;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.SluiceException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;

/** Texts that a run leaves behind, on this machine or in the lake. */
final class Documents {
  /** A text and where it lies. */
  record Document(String uri, String text) {}

  private Documents() {}

  /** The texts in a folder; none where there is no such folder. */
  static List<Document> read(String folder, Configuration hadoop) {
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(URI.create(folder));
    List<Document> documents = new ArrayList<>();
    try {
      FileSystem files = path.getFileSystem(hadoop);
      for (FileStatus file : files.listStatus(path)) {
        try (FSDataInputStream in = files.open(file.getPath())) {
          String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
          documents.add(new Document(file.getPath().toString(), text));
        }
      }
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (IOException e) {
      throw new SluiceException(
          ErrorKind.INFRA,
          "Cannot read " + folder + ": " + e.getMessage() + ". Check the rights on that place",
          e);
    }
    return documents;
  }

  /** One text. */
  static String text(String uri, Configuration hadoop) throws IOException {
    if (!isAddress(uri)) {
      return Files.readString(Path.of(uri));
    }
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(URI.create(uri));
    try (FSDataInputStream in = path.getFileSystem(hadoop).open(path)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Whether it says how to reach a place, as {@code s3://} does, and is no mere path. */
  static boolean isAddress(String uri) {
    return uri.contains(":/");
  }

  /** Writes a text, and the folders that lead to it, in place of what is there. */
  static void write(String uri, String text, Configuration hadoop) throws IOException {
    if (!isAddress(uri)) {
      Path file = Path.of(uri).toAbsolutePath();
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
      return;
    }
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(URI.create(uri));
    FileSystem files = path.getFileSystem(hadoop);
    try (FSDataOutputStream out = files.create(path, true)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (FSError full) { // no exception, where a local disk has no room
      files.delete(path, false); // half a text is worse than none
      throw new IOException(full.getCause().getMessage(), full);
    }
  }
}
