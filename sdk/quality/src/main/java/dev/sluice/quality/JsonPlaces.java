package dev.sluice.quality;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.sluice.model.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/** Where each key and value of a JSON text stands. */
final class JsonPlaces {
  private static final Place START = new Place(1, 1);

  /** A line and its column, both from 1. */
  record Place(int line, int column) {}

  private final Map<String, Place> values = new HashMap<>();
  private final Map<String, Place> keys = new HashMap<>();

  private JsonPlaces() {}

  /** The places of a text that is valid JSON. */
  static JsonPlaces of(String json) {
    JsonPlaces places = new JsonPlaces();
    try (JsonParser parser = Json.mapper().createParser(json)) {
      if (parser.nextToken() != null) {
        places.walk(parser, "");
      }
      return places;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where a value begins; where it is not there, the nearest value that should hold it. */
  Place value(String pointer) {
    Place place = values.get(pointer);
    if (place != null || pointer.isEmpty()) {
      return place == null ? START : place;
    }
    return value(pointer.substring(0, pointer.lastIndexOf('/')));
  }

  /** Where the key of a value begins; where it has none, the value. */
  Place key(String pointer) {
    Place place = keys.get(pointer);
    return place == null ? value(pointer) : place;
  }

  /** A key as one step of a pointer. */
  static String step(String key) {
    return "/" + key.replace("~", "~0").replace("/", "~1");
  }

  private void walk(JsonParser parser, String pointer) throws IOException {
    values.put(pointer, place(parser));
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String child = pointer + step(parser.currentName());
        keys.put(child, place(parser));
        parser.nextToken();
        walk(parser, child);
      }
    } else if (parser.currentToken() == JsonToken.START_ARRAY) {
      for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
        walk(parser, pointer + "/" + i);
      }
    }
  }

  private static Place place(JsonParser parser) {
    JsonLocation at = parser.currentTokenLocation();
    return new Place(at.getLineNr(), at.getColumnNr());
  }
}
