package dev.sluice.runtime.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.model.SluiceException;
import dev.sluice.quality.Suite;
import dev.sluice.quality.SuiteParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** The suites of this image, which lie at {@code /suites/<name>.json} on the class path. */
public final class Suites {
  private Suites() {}

  /** The suite of a job; one that asks nothing where it has none. */
  public static Suite of(Optional<String> name) {
    return name.map(Suites::load).orElseGet(Suite::empty);
  }

  /** The suite with this name. */
  public static Suite load(String name) {
    return load(name, Map.of());
  }

  /** The suite with this name, with values for its parameters. */
  public static Suite load(String name, Map<String, JsonNode> parameters) {
    String place = "/suites/" + name + ".json";
    try (InputStream in = Suites.class.getResourceAsStream(place)) {
      if (in == null) {
        throw SluiceException.config(
            "Cannot use suite '%s': there is no %s on the class path. Put the file into"
                + " quality-suites and build again",
            name, place);
      }
      return SuiteParser.parse(
          new String(in.readAllBytes(), StandardCharsets.UTF_8), name, parameters);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
