package dev.sluice.model;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** A record whose components are settings: turned into JSON Schema, and made from texts. */
public final class SettingsType {

  /** How one Java type is written in JSON Schema and read from a text. */
  private record Scalar(Map<String, Object> schema, Function<String, Object> parse) {}

  private static final Map<Class<?>, Scalar> SCALARS =
      Map.ofEntries(
          Map.entry(String.class, scalar("string", text -> text)),
          Map.entry(int.class, scalar("integer", Integer::valueOf)),
          Map.entry(long.class, scalar("integer", Long::valueOf)),
          Map.entry(double.class, scalar("number", Double::valueOf)),
          Map.entry(boolean.class, scalar("boolean", SettingsType::truth)),
          Map.entry(LocalDate.class, format("date", LocalDate::parse)),
          Map.entry(Duration.class, format("duration", Duration::parse)),
          Map.entry(Secret.class, format("password", Secret::new)));

  private final Class<? extends Record> type;

  private SettingsType(Class<? extends Record> type) {
    this.type = type;
    for (RecordComponent component : type.getRecordComponents()) {
      if (!SCALARS.containsKey(component.getType())) {
        throw SluiceException.config(
            "Cannot use %s as settings: component '%s' is a %s. Use String, int, long, double,"
                + " boolean, LocalDate, Duration or Secret",
            type.getSimpleName(), component.getName(), component.getType().getSimpleName());
      }
    }
  }

  /** Reads the record's components. */
  public static SettingsType of(Class<? extends Record> type) {
    return new SettingsType(type);
  }

  /**
   * The names of the settings, as users write them: {@code minimumFare} is {@code minimum-fare}.
   */
  public List<String> keys() {
    return components().stream().map(SettingsType::key).toList();
  }

  /** The values that hold where nobody sets another. */
  public Map<String, String> defaults() {
    Map<String, String> defaults = new LinkedHashMap<>();
    for (RecordComponent component : components()) {
      defaultOf(component).ifPresent(value -> defaults.put(key(component), value));
    }
    return defaults;
  }

  /** The settings as a JSON Schema object. */
  public Map<String, Object> jsonSchema() {
    Map<String, Object> properties = new LinkedHashMap<>();
    List<String> required = new ArrayList<>();
    for (RecordComponent component : components()) {
      Scalar scalar = SCALARS.get(component.getType());
      Map<String, Object> property = new LinkedHashMap<>(scalar.schema());
      Doc doc = component.getAnnotation(Doc.class);
      if (doc != null) {
        property.put("description", doc.value());
      }
      Optional<String> fallback = defaultOf(component);
      if (fallback.isPresent()) {
        boolean plain = scalar.schema().size() == 1;
        property.put("default", plain ? scalar.parse().apply(fallback.get()) : fallback.get());
      } else {
        required.add(key(component));
      }
      properties.put(key(component), property);
    }
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    schema.put("properties", properties);
    schema.put("required", required);
    schema.put("additionalProperties", false);
    return schema;
  }

  /** Makes the record from texts, one for every key. */
  public Record bind(Map<String, String> values) {
    Object[] arguments = components().stream().map(c -> parse(c, values.get(key(c)))).toArray();
    Class<?>[] types = components().stream().map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      Constructor<? extends Record> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof SluiceException cause) {
        throw cause;
      }
      throw new SluiceException(
          ErrorKind.CONFIG,
          String.format(
              "Cannot use the settings of %s: %s. Correct the value",
              type.getSimpleName(), e.getCause().getMessage()),
          e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a record has its canonical constructor", e);
    }
  }

  private static Object parse(RecordComponent component, String text) {
    Scalar scalar = SCALARS.get(component.getType());
    if (text == null) {
      throw SluiceException.config(
          "Cannot use the settings: '%s' has no value. Give it one", key(component));
    }
    try {
      return scalar.parse().apply(text);
    } catch (RuntimeException e) {
      throw new SluiceException(
          ErrorKind.CONFIG,
          String.format(
              "Cannot use setting '%s': '%s' is not %s. Correct the value",
              key(component), text, wordFor(scalar)),
          e);
    }
  }

  private static String wordFor(Scalar scalar) {
    Object word = scalar.schema().getOrDefault("format", scalar.schema().get("type"));
    return (word.equals("integer") ? "an " : "a ") + word;
  }

  private List<RecordComponent> components() {
    return Arrays.asList(type.getRecordComponents());
  }

  private static String key(RecordComponent component) {
    Key given = component.getAnnotation(Key.class);
    return given != null ? given.value() : kebab(component);
  }

  private static String kebab(RecordComponent component) {
    return component.getName().replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
  }

  private static Optional<String> defaultOf(RecordComponent component) {
    return Optional.ofNullable(component.getAnnotation(Default.class)).map(Default::value);
  }

  private static Scalar scalar(String jsonType, Function<String, Object> parse) {
    return new Scalar(Map.of("type", jsonType), parse);
  }

  private static Scalar format(String format, Function<String, Object> parse) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "string");
    schema.put("format", format);
    return new Scalar(schema, parse);
  }

  private static Object truth(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("neither true nor false");
    };
  }
}
