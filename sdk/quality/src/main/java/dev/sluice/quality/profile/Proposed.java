package dev.sluice.quality.profile;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.Json;
import dev.sluice.quality.Severity;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;

/** One expectation while it is put together. */
@SuppressWarnings("AnnotateFormatMethod") // its annotation would be one more dependency
final class Proposed {
  private final ObjectNode node = Json.mapper().createObjectNode();
  private final ObjectNode kwargs;

  private Proposed(String type) {
    node.put("type", type);
    kwargs = node.putObject("kwargs");
  }

  static Proposed of(String type) {
    return new Proposed(type);
  }

  static Proposed of(String type, ColumnProfile column) {
    return new Proposed(type).text("column", column.name());
  }

  Proposed text(String name, String value) {
    kwargs.put(name, value);
    return this;
  }

  Proposed number(String name, long value) {
    kwargs.put(name, value);
    return this;
  }

  /** A number without an exponent, whole where it is. */
  Proposed number(String name, BigDecimal value) {
    BigDecimal plain = value.stripTrailingZeros();
    if (plain.scale() <= 0 && plain.precision() - plain.scale() <= 18) {
      return number(name, plain.longValueExact());
    }
    kwargs.put(name, plain.scale() < 0 ? plain.setScale(0) : plain);
    return this;
  }

  Proposed texts(String name, List<String> values) {
    ArrayNode array = kwargs.putArray(name);
    values.forEach(array::add);
    return this;
  }

  Proposed values(String name, List<Object> values) {
    kwargs.set(name, Json.mapper().valueToTree(values));
    return this;
  }

  /** Asks for a share of the rows only, and lets the others be. */
  Proposed mostly(BigDecimal share) {
    return number("mostly", share).warning();
  }

  Proposed warning() {
    node.put("severity", Severity.WARNING.word());
    return this;
  }

  /** Says what was seen. */
  Proposed because(String evidence, Object... args) {
    node.put("description", String.format(Locale.ROOT, evidence, args));
    return this;
  }

  ObjectNode node() {
    return node;
  }
}
