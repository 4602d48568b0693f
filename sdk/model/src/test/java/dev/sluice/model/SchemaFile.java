package dev.sluice.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.everit.json.schema.Schema;
import org.everit.json.schema.ValidationException;
import org.everit.json.schema.loader.SchemaLoader;
import org.json.JSONObject;
import org.json.JSONTokener;

/** A JSON Schema of the artifact, as those who read receipts and manifests use it. */
final class SchemaFile {
  private final Schema schema;

  SchemaFile(String name) {
    try (InputStream in = Receipt.class.getResourceAsStream(name)) {
      JSONObject json = new JSONObject(new JSONTokener(in));
      schema = SchemaLoader.builder().schemaJson(json).draftV7Support().build().load().build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is wrong with a JSON text; empty where nothing is. */
  List<String> violations(String json) {
    try {
      schema.validate(new JSONObject(json));
      return List.of();
    } catch (ValidationException e) {
      return e.getAllMessages();
    }
  }
}
