package dev.sluice.runtime.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.sluice.model.ErrorKind;
import dev.sluice.model.Json;
import dev.sluice.model.SluiceException;
import dev.sluice.quality.Suite;
import dev.sluice.quality.SuiteParser;
import dev.sluice.runtime.engine.Suites;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** How commands find suites, and the values of their parameters. */
final class NamedSuites {
  @Option(
      names = "--parameter",
      paramLabel = "NAME=VALUE",
      description = "What a $PARAMETER stands for, as JSON or text; may be repeated.")
  private Map<String, String> parameters = new LinkedHashMap<>();

  /** The suite in a file, or the one with this name in the image. */
  Suite read(String name) {
    Path file = Path.of(name);
    if (!Files.exists(file)) {
      return Suites.load(name, values());
    }
    try {
      return SuiteParser.parse(Files.readString(file), name, values());
    } catch (IOException e) {
      throw new SluiceException(
          ErrorKind.CONFIG, "Cannot read " + name + ": " + e.getMessage() + ". Check the file", e);
    }
  }

  private Map<String, JsonNode> values() {
    Map<String, JsonNode> values = new LinkedHashMap<>();
    parameters.forEach((name, text) -> values.put(name, value(text)));
    return values;
  }

  private static JsonNode value(String text) {
    try {
      return Json.mapper().readTree(text);
    } catch (JsonProcessingException e) {
      return TextNode.valueOf(text);
    }
  }
}
