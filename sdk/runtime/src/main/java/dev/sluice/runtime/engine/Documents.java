package dev.sluice.runtime.engine;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;

/** Texts that a run leaves behind, on this machine or in the lake. */
final class Documents {
  private Documents() {}

  /** Writes a text, and the folders that lead to it, in place of what is there. */
  static void write(String uri, String text, Configuration hadoop) throws IOException {
    if (!uri.contains(":/")) {
      Path file = Path.of(uri).toAbsolutePath();
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
      return;
    }
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(URI.create(uri));
    try (FSDataOutputStream out = path.getFileSystem(hadoop).create(path, true)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
