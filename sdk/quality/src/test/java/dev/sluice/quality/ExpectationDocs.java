package dev.sluice.quality;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.Json;
import dev.sluice.quality.Check.AggregateCheck;
import dev.sluice.quality.Check.BrokenCheck;
import dev.sluice.quality.Check.FollowUpCheck;
import dev.sluice.quality.Check.FrequencyCheck;
import dev.sluice.quality.Check.KeyCheck;
import dev.sluice.quality.Check.OrderCheck;
import dev.sluice.quality.Check.PassCheck;
import dev.sluice.quality.Check.RowCheck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The page of all expectations, made of their classes, their records and their cases. */
final class ExpectationDocs {
  private static final Path SOURCES = Path.of("src/main/java/dev/sluice/quality/type");
  private static final Pattern SUMMARY =
      Pattern.compile("/\\*\\*(.*?)\\*/\\s*@SuppressWarnings", Pattern.DOTALL);

  private ExpectationDocs() {}

  /** The page, in Markdown. */
  static String page() {
    try {
      String head = Files.readString(Path.of("src/test/resources/dev/sluice/quality/docs.md"));
      return head.replace("{{table}}", table()).replace("{{types}}", sections());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String table() {
    StringBuilder table = new StringBuilder("| type | answered by |\n|---|---|\n");
    for (String name : ExpectationTypes.names()) {
      table.append("| [`%s`](#%s) | %s |%n".formatted(name, name, words(name)));
    }
    return table.toString().strip().replace("\r", "");
  }

  private static String sections() {
    return ExpectationTypes.names().stream()
        .map(ExpectationDocs::section)
        .collect(Collectors.joining("\n"));
  }

  private static String section(String name) {
    ExpectationType<?> type = ExpectationTypes.find(name).orElseThrow();
    StringBuilder text = new StringBuilder("### " + name + "\n\n" + summary(type) + "\n\n");
    text.append("Answered by ").append(answered(name)).append(".\n");
    if (!type.takesCondition()) {
      text.append("A `row_condition` has no meaning here and is refused.\n");
    }
    text.append("\n| kwarg | |\n|---|---|\n");
    for (RecordComponent component : type.kwargs().getRecordComponents()) {
      text.append("| `").append(key(component)).append("` | ");
      text.append(described(component)).append(" |\n");
    }
    text.append("\n```json\n").append(example(name)).append("\n```\n");
    List<String> differs = CaseFile.read(name).differs();
    if (!differs.isEmpty()) {
      text.append("\nUnlike Great Expectations:\n\n");
      differs.forEach(one -> text.append("- ").append(one).append('\n'));
    }
    return text.toString();
  }

  /** The first sentence of a class, which says what holds of the rows. */
  private static String summary(ExpectationType<?> type) {
    try {
      Matcher comment =
          SUMMARY.matcher(
              Files.readString(SOURCES.resolve(type.getClass().getSimpleName() + ".java")));
      if (!comment.find()) {
        throw new IllegalStateException(type.getClass() + " has no comment");
      }
      return comment.group(1).replaceAll("\\s+\\*?\\s*", " ").strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How questions of a kind are answered. */
  private enum Kind {
    ROW("row bit", "one bit of each row while rows are written; those that fail can leave"),
    AGGREGATE("aggregate", "aggregates over what was staged, in one pass with all others"),
    FREQUENCIES("frequencies", "the distinct values and their counts, from what was staged"),
    KEY("key", "hashes of keys over what was staged, confirmed on real keys; copies can leave"),
    FOLLOW_UP("follow-up", "aggregates first, and then a question to each row; outliers can leave"),
    ORDER("order", "each value and the one before it, partitions side by side"),
    PASS("own pass", "a query of its own over what was staged"),
    SCHEMA("schema", "the schema, before any row is read"),
    UNSUPPORTED("nobody", "nobody on Spark: ");

    private final String word;
    private final String text;

    Kind(String word, String text) {
      this.word = word;
      this.text = text;
    }
  }

  private static Kind kind(Check check) {
    if (check instanceof RowCheck) {
      return Kind.ROW;
    } else if (check instanceof AggregateCheck) {
      return Kind.AGGREGATE;
    } else if (check instanceof FrequencyCheck) {
      return Kind.FREQUENCIES;
    } else if (check instanceof KeyCheck) {
      return Kind.KEY;
    } else if (check instanceof FollowUpCheck) {
      return Kind.FOLLOW_UP;
    } else if (check instanceof OrderCheck) {
      return Kind.ORDER;
    } else if (check instanceof PassCheck) {
      return Kind.PASS;
    }
    return check instanceof BrokenCheck ? Kind.UNSUPPORTED : Kind.SCHEMA;
  }

  private static String words(String name) {
    return checks(name).map(check -> kind(check).word).distinct().collect(Collectors.joining(", "));
  }

  /** Some types are answered in one way or another, as their kwargs have it. */
  private static String answered(String name) {
    return checks(name)
        .map(check -> kind(check).text + (check instanceof BrokenCheck b ? b.reason() : ""))
        .distinct()
        .collect(Collectors.joining("; or by "));
  }

  private static Stream<Check> checks(String name) {
    return CaseFile.read(name).cases().stream()
        .filter(one -> !one.refused())
        .map(CaseFile.Case::check);
  }

  private static CaseFile.Case exampleOf(String name) {
    return CaseFile.read(name).cases().stream()
        .filter(one -> !one.refused())
        .findFirst()
        .orElseThrow();
  }

  private static String example(String name) {
    ObjectNode example = Json.mapper().createObjectNode().put("type", name);
    example.set("kwargs", exampleOf(name).node().get("kwargs"));
    return example.toString();
  }

  private static String key(RecordComponent component) {
    JsonProperty given = component.getAccessor().getAnnotation(JsonProperty.class);
    return given != null
        ? given.value()
        : component.getName().replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }

  private static String described(RecordComponent component) {
    boolean optional = component.getType() == Optional.class;
    String text = described(component.getGenericType(), component);
    return key(component).equals("mostly")
        ? "the share of those asked that must pass, 0 to 1; may be absent"
        : text + (optional ? "; may be absent" : "");
  }

  private static String described(Type type, RecordComponent component) {
    if (type instanceof ParameterizedType generic) {
      String element = described(generic.getActualTypeArguments()[0], component);
      return generic.getRawType() == Optional.class ? element : "list of: " + element;
    }
    Class<?> plain = (Class<?>) type;
    if (plain == JsonNode.class) {
      JsonTypes given = component.getAnnotation(JsonTypes.class);
      return given == null ? "number, string or boolean" : String.join(" or ", given.value());
    }
    if (plain.isEnum()) {
      return Arrays.stream(plain.getEnumConstants())
          .map(one -> "`" + ((Enum<?>) one).name().toLowerCase(Locale.ROOT) + "`")
          .collect(Collectors.joining(" or "));
    }
    if (plain.isRecord()) {
      return Arrays.stream(plain.getRecordComponents())
          .map(one -> "`" + key(one) + "`: " + described(one))
          .collect(Collectors.joining(", ", "object {", "}"));
    }
    return switch (plain.getSimpleName()) {
      case "Double" -> "number";
      case "Long" -> "whole number";
      case "ObjectNode" -> "object";
      default -> plain.getSimpleName().toLowerCase(Locale.ROOT);
    };
  }
}
