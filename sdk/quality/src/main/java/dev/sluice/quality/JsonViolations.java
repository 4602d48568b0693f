package dev.sluice.quality;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.model.Json;
import dev.sluice.model.Nearest;
import dev.sluice.quality.Faults.Fault;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
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

/** A JSON Schema that says of a JSON object all that is wrong with it, each fault once. */
final class JsonViolations {
  private static final Pattern TYPES = Pattern.compile("expected(?: type)?: (\\w+), found: (\\w+)");
  private static final Pattern EXTRANEOUS =
      Pattern.compile("extraneous key \\[(.*)] is not permitted", Pattern.DOTALL);

  private final Schema schema;
  private final String keyWord;

  private JsonViolations(JSONObject schema, String keyWord) {
    this.schema = SchemaLoader.builder().schemaJson(schema).draftV7Support().build().load().build();
    this.keyWord = keyWord;
  }

  /**
   * By a schema given as a tree.
   *
   * @param keyWord what a key of the object is called in messages
   */
  static JsonViolations bySchema(Object schema, String keyWord) {
    return new JsonViolations(new JSONObject(Json.line(schema)), keyWord);
  }

  /** What is wrong with an object that stands at a pointer of its document; empty if nothing is. */
  List<Fault> in(JsonNode object, String pointer) {
    try {
      schema.validate(new JSONObject(object.toString()));
      return List.of();
    } catch (ValidationException e) {
      return violations(e).map(one -> fault(one, pointer)).toList();
    }
  }

  private static Stream<ValidationException> violations(ValidationException e) {
    List<ValidationException> causes = e.getCausingExceptions();
    if (causes.isEmpty()) {
      return Stream.of(e);
    }
    if (e.getViolatedSchema() instanceof CombinedSchema) {
      List<ValidationException> fitting =
          causes.stream().filter(cause -> !otherType(cause, e)).toList();
      if (fitting.isEmpty()) {
        return Stream.of(e);
      }
      // An object is no word of an enum; what is wrong inside of it says more.
      List<ValidationException> deeper =
          fitting.stream()
              .filter(cause -> !"enum".equals(cause.getKeyword()) || !here(cause, e))
              .toList();
      return (deeper.isEmpty() ? fitting : deeper).stream().flatMap(JsonViolations::violations);
    }
    return causes.stream().flatMap(JsonViolations::violations);
  }

  /** Whether this alternative was for another type of value, and so has nothing to say. */
  private static boolean otherType(ValidationException cause, ValidationException all) {
    return "type".equals(cause.getKeyword()) && here(cause, all);
  }

  private static boolean here(ValidationException cause, ValidationException all) {
    return cause.getPointerToViolation().equals(all.getPointerToViolation());
  }

  private Fault fault(ValidationException e, String pointer) {
    String place = pointer + where(e);
    if (!e.getCausingExceptions().isEmpty()) {
      return Fault.ofValue(place, noneOf(e.getCausingExceptions()));
    }
    Matcher extraneous = EXTRANEOUS.matcher(e.getErrorMessage());
    if (extraneous.matches()) {
      String key = extraneous.group(1);
      return Fault.ofKey(place + JsonPlaces.step(key), unknown(key, known(e)));
    }
    return Fault.ofValue(place, reason(e));
  }

  private String unknown(String key, Collection<String> known) {
    return "unknown "
        + keyWord
        + " '"
        + key
        + "'. "
        + Nearest.to(key, known)
            .map(near -> "Did you mean '" + near + "'?")
            .orElse("Known: " + String.join(", ", known));
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
    if (e.getViolatedSchema() instanceof EnumSchema choice) {
      return e.getErrorMessage().replace(" is not a valid enum value", " is not one of ")
          + choice.getPossibleValuesAsList().stream()
              .filter(String.class::isInstance)
              .map(String.class::cast)
              .collect(Collectors.joining(", "));
    }
    return e.getErrorMessage();
  }

  private static Collection<String> known(ValidationException e) {
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
