package dev.sluice.quality.condition;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Which rows an expectation asks about; a row for which it is null is not asked. */
public sealed interface Condition {

  /** How a column is compared with a value. */
  enum Operator {
    EQUAL("=="),
    NOT_EQUAL("!="),
    LESS("<"),
    LESS_OR_EQUAL("<="),
    GREATER(">"),
    GREATER_OR_EQUAL(">="),
    IN("IN"),
    NOT_IN("NOT_IN");

    private final String sign;

    Operator(String sign) {
      this.sign = sign;
    }

    /** The name that Great Expectations gives it. */
    public String sign() {
      return sign;
    }

    /** Whether it compares with a list of values. */
    public boolean takesList() {
      return this == IN || this == NOT_IN;
    }

    /** The operator with this name, if there is one. */
    public static Optional<Operator> of(String sign) {
      return Stream.of(values()).filter(one -> one.sign.equals(sign)).findFirst();
    }

    /** The operator that says the same with its sides exchanged. */
    Operator mirrored() {
      return switch (this) {
        case LESS -> GREATER;
        case LESS_OR_EQUAL -> GREATER_OR_EQUAL;
        case GREATER -> LESS;
        case GREATER_OR_EQUAL -> LESS_OR_EQUAL;
        case EQUAL, NOT_EQUAL, IN, NOT_IN -> this;
      };
    }
  }

  /**
   * A column against a value.
   *
   * @param value a number, text or boolean; for {@code IN} and {@code NOT_IN} an array of them
   */
  record Comparison(String column, Operator operator, JsonNode value) implements Condition {}

  /** Whether a column is null. */
  record Nullity(String column, boolean isNull) implements Condition {}

  /** All of them hold. */
  record And(List<Condition> conditions) implements Condition {
    /** Copies the list. */
    public And {
      conditions = List.copyOf(conditions);
    }
  }

  /** One of them holds. */
  record Or(List<Condition> conditions) implements Condition {
    /** Copies the list. */
    public Or {
      conditions = List.copyOf(conditions);
    }
  }

  /** It does not hold; null stays null. */
  record Not(Condition condition) implements Condition {}

  /** Spark SQL as it stands in the suite. */
  record PassThrough(String sql) implements Condition {}

  /** The columns that it names, each once; those of pass-through SQL are not known. */
  default Set<String> columns() {
    return leaves()
        .map(
            leaf ->
                leaf instanceof Comparison one
                    ? one.column()
                    : leaf instanceof Nullity one ? one.column() : "")
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** The conditions that hold no others. */
  default Stream<Condition> leaves() {
    if (this instanceof And all) {
      return all.conditions().stream().flatMap(Condition::leaves);
    }
    if (this instanceof Or any) {
      return any.conditions().stream().flatMap(Condition::leaves);
    }
    if (this instanceof Not not) {
      return not.condition().leaves();
    }
    return Stream.of(this);
  }

  /** The condition in the grammar of {@code great_expectations}; pass-through SQL as it stands. */
  default String text() {
    if (this instanceof Comparison one) {
      String sign = one.operator() == Operator.NOT_IN ? "NOT IN" : one.operator().sign();
      return column(one.column()) + " " + sign + " " + value(one.value());
    }
    if (this instanceof Nullity one) {
      return column(one.column()) + (one.isNull() ? ".isNull()" : ".notNull()");
    }
    if (this instanceof And all) {
      return joined(all.conditions(), " AND ");
    }
    if (this instanceof Or any) {
      return joined(any.conditions(), " OR ");
    }
    if (this instanceof Not not) {
      return "NOT (" + not.condition().text() + ")";
    }
    return ((PassThrough) this).sql();
  }

  private static String joined(List<Condition> conditions, String word) {
    return conditions.stream()
        .map(one -> one instanceof And || one instanceof Or ? "(" + one.text() + ")" : one.text())
        .collect(Collectors.joining(word));
  }

  private static String column(String name) {
    return "col(" + quoted(name) + ")";
  }

  private static String value(JsonNode value) {
    if (value.isArray()) {
      return StreamSupport.stream(value.spliterator(), false)
          .map(Condition::value)
          .collect(Collectors.joining(", ", "(", ")"));
    }
    return value.isTextual() ? quoted(value.asText()) : value.asText();
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  /** Whether some of it is SQL that nobody has read, which may fail on rows. */
  default boolean passesThrough() {
    if (this instanceof And all) {
      return all.conditions().stream().anyMatch(Condition::passesThrough);
    }
    if (this instanceof Or any) {
      return any.conditions().stream().anyMatch(Condition::passesThrough);
    }
    return this instanceof Not not ? not.condition().passesThrough() : this instanceof PassThrough;
  }
}
