package dev.sluice.quality;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.model.Json;
import dev.sluice.model.Nearest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.everit.json.schema.CombinedSchema;
import org.everit.json.schema.EnumSchema;
import org.everit.json.schema.ObjectSchema;
import org.everit.json.schema.Schema;
import org.everit.json.schema.ValidationException;
import org.everit.json.schema.loader.SchemaLoader;
import org.json.JSONObject;
import org.json.JSONTokener;

/** A JSON Schema that says of a JSON object all that is wrong with it, each fault once. */
final class JsonViolations {
  private static final Pattern TYPES = Pattern.compile("expected(?: type)?: (\\w+), found: (\\w+)");
  private static final Pattern EXTRANEOUS =
      Pattern.compile("extraneous key \\[(.*)] is not permitted", Pattern.DOTALL);

  private final Schema schema;

  private JsonViolations(JSONObject schema) {
    this.schema = SchemaLoader.builder().schemaJson(schema).draftV7Support().build().load().build();
  }

  /** By a schema that lies beside this class. */
  static JsonViolations bySchemaFile(String name) {
    try (InputStream in = JsonViolations.class.getResourceAsStream(name)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new JsonViolations(new JSONObject(new JSONTokener(text)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** By a schema given as a tree of maps and lists. */
  static JsonViolations bySchema(Object schema) {
    return new JsonViolations(new JSONObject(Json.line(schema)));
  }

  /** What is wrong with an object that stands at a pointer of its document; empty if nothing is. */
  List<String> in(JsonNode object, String pointer) {
    try {
      schema.validate(new JSONObject(object.toString()));
      return List.of();
    } catch (ValidationException e) {
      return violations(e).map(text -> pointer + text).map(JsonViolations::rooted).toList();
    }
  }

  /** The root of a document has an empty pointer, which nobody would see. */
  private static String rooted(String violation) {
    return violation.startsWith(":") ? "/" + violation : violation;
  }

  private static Stream<String> violations(ValidationException e) {
    List<ValidationException> causes = e.getCausingExceptions();
    if (causes.isEmpty()) {
      return Stream.of(where(e) + ": " + reason(e));
    }
    if (e.getViolatedSchema() instanceof CombinedSchema) {
      List<ValidationException> fitting =
          causes.stream().filter(cause -> !otherType(cause, e)).toList();
      return fitting.isEmpty()
          ? Stream.of(where(e) + ": " + noneOf(causes))
          : fitting.stream().flatMap(JsonViolations::violations);
    }
    return causes.stream().flatMap(JsonViolations::violations);
  }

  /** Whether this alternative was for another type of value, and so has nothing to say. */
  private static boolean otherType(ValidationException cause, ValidationException all) {
    return "type".equals(cause.getKeyword())
        && cause.getPointerToViolation().equals(all.getPointerToViolation());
  }

  private static String noneOf(List<ValidationException> causes) {
    List<Matcher> types =
        causes.stream()
            .map(cause -> TYPES.matcher(cause.getErrorMessage()))
            .filter(Matcher::matches)
            .toList();
    return types.stream()
            .map(type -> wanted(type.group(1)))
            .filter(type -> !type.equals("null"))
            .distinct()
            .sorted()
            .collect(Collectors.joining(" or ", "expected ", ""))
        + types.stream().findFirst().map(type -> ", found " + word(type.group(2))).orElse("");
  }

  private static String reason(ValidationException e) {
    Matcher type = TYPES.matcher(e.getErrorMessage());
    if (type.matches()) {
      return "expected " + wanted(type.group(1)) + ", found " + word(type.group(2));
    }
    Matcher extraneous = EXTRANEOUS.matcher(e.getErrorMessage());
    if (extraneous.matches()) {
      String name = extraneous.group(1);
      return "'"
          + name
          + "' is not known here. "
          + Nearest.hint(name, new java.util.TreeSet<>(known(e)));
    }
    if (e.getViolatedSchema() instanceof EnumSchema choice) {
      return e.getErrorMessage().replace(" is not a valid enum value", " is not one of ")
          + choice.getPossibleValuesAsList().stream()
              .filter(String.class::isInstance)
              .map(String.class::cast)
              .collect(Collectors.joining(", "));
    }
    return e.getErrorMessage();
  }

  private static SortedSet<String> known(ValidationException e) {
    return new TreeSet<>(((ObjectSchema) e.getViolatedSchema()).getPropertySchemas().keySet());
  }

  private static String wanted(String type) {
    return type.equals("Integer") ? "whole number" : word(type);
  }

  /** What JSON calls the type that the validator calls by its Java class. */
  private static String word(String type) {
    return switch (type) {
      case "JSONArray" -> "array";
      case "JSONObject" -> "object";
      case "Integer", "Long", "BigInteger", "BigDecimal", "Double", "Number" -> "number";
      case "Null" -> "null";
      case "String" -> "string";
      case "Boolean" -> "boolean";
      default -> type;
    };
  }

  private static String where(ValidationException e) {
    return Optional.ofNullable(e.getPointerToViolation())
        .map(pointer -> pointer.substring(1))
        .orElse("");
  }
}
