package dev.sluice.runtime.bind;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.SluiceException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** A file of settings: {@code key = value} on each line, each key once, and nothing nested. */
final class JobFile {
  static final long MOST_BYTES = 1 << 20;

  private JobFile() {}

  /** The settings in a file. */
  static Map<String, String> read(Path file) {
    Once properties = new Once();
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw unreadable(file, "it has more than " + MOST_BYTES + " bytes", null);
      }
      try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
        properties.load(reader);
      }
    } catch (IOException e) {
      throw unreadable(file, e.getClass().getSimpleName(), e);
    } catch (IllegalArgumentException e) {
      throw unreadable(file, e.getMessage().replaceAll("[.\\s]+$", ""), e);
    }
    Map<String, String> values = new TreeMap<>();
    properties.forEach((key, value) -> values.put((String) key, (String) value));
    return values;
  }

  private static SluiceException unreadable(Path file, String reason, Throwable cause) {
    return new SluiceException(
        ErrorKind.CONFIG,
        "Cannot read settings from " + file + ": " + reason + ". Correct --config or --profile",
        cause);
  }

  /** Properties that do not let the second of two values win in silence. */
  private static final class Once extends Properties {
    private static final long serialVersionUID = 1L;

    @Override
    public synchronized Object put(Object key, Object value) {
      if (containsKey(key)) {
        throw new IllegalArgumentException("key '" + key + "' stands twice");
      }
      return super.put(key, value);
    }
  }
}
