package dev.sluice.testkit.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** Makes what a test has just written look as if it were written ten days ago. */
final class Aged {
  private static final Duration AGE = Duration.ofDays(10);

  private Aged() {}

  /** A file or a folder with all that lies in it. */
  static void files(Path place) {
    try (Stream<Path> files = Files.walk(place)) {
      FileTime time = FileTime.from(Instant.now().minus(AGE));
      for (Path file : files.toList()) {
        Files.setLastModifiedTime(file, time);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The snapshots of an Iceberg table, and when each became the current one. */
  static void snapshots(Path table) {
    for (Path file : filesOf(table.resolve("metadata"), ".metadata.json")) {
      JsonNode metadata = read(file);
      metadata.findParents("timestamp-ms").forEach(parent -> age(parent, "timestamp-ms"));
      age(metadata, "last-updated-ms");
      write(file, metadata);
    }
  }

  /** When files left a Delta table, as its log says; none of its versions is in a checkpoint. */
  static void log(Path table) {
    for (Path file : filesOf(table.resolve("_delta_log"), ".json")) {
      StringBuilder actions = new StringBuilder();
      for (String line : lines(file)) {
        JsonNode action = parsed(line);
        if (action.has("remove")) {
          age(action.get("remove"), "deletionTimestamp");
        }
        actions.append(action).append('\n');
      }
      write(file, actions.toString());
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What an earlier pass has noted about folders without pointers. */
  static void notes(Path lake) {
    for (Path file : filesOf(lake.resolve("_sluice/maintenance"), ".json")) {
      JsonNode notes = read(file);
      notes.fieldNames().forEachRemaining(name -> age(notes, name));
      write(file, notes);
    }
  }

  private static void age(JsonNode object, String field) {
    ((ObjectNode) object).put(field, object.get(field).asLong() - AGE.toMillis());
  }

  private static List<Path> filesOf(Path folder, String end) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(end))
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode read(Path file) {
    return parsed(String.join("", lines(file)));
  }

  private static JsonNode parsed(String json) {
    try {
      return Json.mapper().readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path file, Object json) {
    try {
      Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
      Files.writeString(file, json.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
