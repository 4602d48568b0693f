package dev.sluice.quality.condition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.sluice.quality.condition.Condition.Comparison;
import dev.sluice.quality.condition.Condition.Nullity;
import dev.sluice.quality.condition.Condition.Operator;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What the written forms of a condition have in common: comparisons, nullity, lists, and, or, not.
 *
 * <p>{@code or := and (OR and)*}, {@code and := not (AND not)*}, {@code not := NOT not | (or) |
 * question}.
 */
final class Grammar {
  private static final Map<String, Operator> OPERATORS =
      Map.of(
          "==", Operator.EQUAL,
          "=", Operator.EQUAL,
          "!=", Operator.NOT_EQUAL,
          "<>", Operator.NOT_EQUAL,
          "<", Operator.LESS,
          "<=", Operator.LESS_OR_EQUAL,
          ">", Operator.GREATER,
          ">=", Operator.GREATER_OR_EQUAL);

  private static final DateTimeFormatter ISO =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .optionalStart()
          .appendLiteral('T')
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .optionalStart()
          .appendOffsetId()
          .toFormatter(Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);

  private final Dialect dialect;
  private final List<Token> tokens;
  private int next;

  Grammar(String text, Dialect dialect) {
    this.dialect = dialect;
    this.tokens = Lexer.tokens(text);
  }

  Condition condition() {
    Condition condition = or();
    if (peek().kind() != Token.Kind.END) {
      throw expected("AND, OR or the end");
    }
    return condition;
  }

  private Condition or() {
    return several(this::and, Condition.Or::new, "or", "|", "||");
  }

  private Condition and() {
    return several(this::not, Condition.And::new, "and", "&", "&&");
  }

  private Condition several(
      Supplier<Condition> part,
      Function<List<Condition>, Condition> whole,
      String word,
      String... signs) {
    List<Condition> parts = new ArrayList<>();
    parts.add(part.get());
    while (peek().says(word) || Stream.of(signs).anyMatch(peek()::is)) {
      next++;
      parts.add(part.get());
    }
    return parts.size() == 1 ? parts.get(0) : whole.apply(parts);
  }

  private Condition not() {
    if (peek().says("not") || peek().is("~") || peek().is("!")) {
      next++;
      return new Condition.Not(not());
    }
    if (peek().is("(")) {
      next++;
      Condition inner = or();
      take(")");
      return inner;
    }
    return question();
  }

  private Condition question() {
    if (!beginsValue()) {
      return about(column());
    }
    // 0 < x, and 0 < x < 5
    JsonNode left = value();
    Operator operator = operator().orElseThrow(() -> expected("a comparison"));
    String column = column();
    Condition first = new Comparison(column, operator.mirrored(), left);
    return operator()
        .map(
            second ->
                (Condition)
                    new Condition.And(List.of(first, new Comparison(column, second, value()))))
        .orElse(first);
  }

  private Condition about(String column) {
    if (peek().is(".")) {
      next++;
      return method(column);
    }
    if (peek().says("is")) {
      next++;
      boolean isNull = !took("not");
      if (!took("null") && !took("none")) {
        throw expected("NULL");
      }
      return new Nullity(column, isNull);
    }
    if (peek().says("in")) {
      next++;
      return new Comparison(column, Operator.IN, values());
    }
    if (peek().says("not")) {
      next++;
      if (!took("in")) {
        throw expected("IN");
      }
      return new Comparison(column, Operator.NOT_IN, values());
    }
    Operator operator =
        operator().orElseThrow(() -> expected("a comparison, IN, or a question for null"));
    return new Comparison(column, operator, value());
  }

  private Condition method(String column) {
    Token name = peek();
    Token.Kind kind = name.kind();
    String word = name.text().toLowerCase(Locale.ROOT).replace("_", "");
    if (kind != Token.Kind.NAME) {
      throw expected("notNull() or isNull()");
    }
    next++;
    take("(");
    Condition answer =
        switch (word) {
          case "notnull", "isnotnull", "notna" -> new Nullity(column, false);
          case "isnull", "isna" -> new Nullity(column, true);
          case "isin" -> new Comparison(column, Operator.IN, values());
          default ->
              throw ConditionException.at(
                  name.at(),
                  "'"
                      + name.text()
                      + "()' is not known; use notNull(), isNull() or isin([…]), or"
                      + " condition_parser 'spark'");
        };
    take(")");
    return answer;
  }

  private String column() {
    Token token = peek();
    return switch (dialect) {
      case GREAT_EXPECTATIONS -> {
        if (!token.says("col")) {
          throw expected(dialect.column());
        }
        next++;
        take("(");
        Token name = peek();
        if (name.kind() != Token.Kind.TEXT || name.text().isEmpty()) {
          throw expected("the column's name in quotes");
        }
        next++;
        take(")");
        yield name.text();
      }
      case PANDAS -> {
        if (token.is("@")) {
          throw ConditionException.at(
              token.at(), "there are no variables here; write the value, or use a $PARAMETER");
        }
        if (token.kind() != Token.Kind.NAME && token.kind() != Token.Kind.QUOTED_NAME) {
          throw expected(dialect.column());
        }
        next++;
        if (token.kind() == Token.Kind.NAME && peek().is("(")) {
          throw ConditionException.at(
              token.at(),
              "the function '"
                  + token.text()
                  + "' is not among what is translated from pandas; use condition_parser 'spark'");
        }
        yield token.text();
      }
    };
  }

  private Optional<Operator> operator() {
    Token token = peek();
    if (token.kind() != Token.Kind.SIGN || !OPERATORS.containsKey(token.text())) {
      return Optional.empty();
    }
    next++;
    return Optional.of(OPERATORS.get(token.text()));
  }

  private boolean beginsValue() {
    Token token = peek();
    return token.kind() == Token.Kind.NUMBER
        || token.kind() == Token.Kind.TEXT
        || token.is("-")
        || (token.says("date") && tokens.get(next + 1).is("("));
  }

  private JsonNode values() {
    boolean square = peek().is("[");
    take(square ? "[" : "(");
    List<JsonNode> values = new ArrayList<>();
    do {
      values.add(value());
    } while (tookSign(","));
    take(square ? "]" : ")");
    return Values.list(values);
  }

  private JsonNode value() {
    Token token = peek();
    next++;
    return switch (token.kind()) {
      case TEXT -> TextNode.valueOf(token.text());
      case NUMBER -> Values.number(token.text());
      case NAME -> word(token);
      case SIGN -> {
        if (token.is("-") && peek().kind() == Token.Kind.NUMBER) {
          yield Values.number("-" + tokens.get(next++).text());
        }
        next--;
        throw expected("a value");
      }
      case QUOTED_NAME -> throw twoColumns(token);
      case END -> {
        next--;
        throw expected("a value");
      }
    };
  }

  private JsonNode word(Token token) {
    if (token.says("true") || token.says("false")) {
      return BooleanNode.valueOf(token.says("true"));
    }
    if (token.says("none") || token.says("null") || token.says("nan")) {
      throw ConditionException.at(
          token.at(), "nothing compares with " + token.text() + "; use notNull() or isNull()");
    }
    if (token.says("date") && peek().is("(")) {
      next++;
      Token text = peek();
      if (text.kind() != Token.Kind.TEXT) {
        throw expected("a date in quotes");
      }
      next++;
      take(")");
      return date(text);
    }
    throw twoColumns(token);
  }

  private static JsonNode date(Token text) {
    try {
      String iso = text.text().strip().replace(' ', 'T');
      return ISO.parse(iso, valid -> TextNode.valueOf(iso));
    } catch (DateTimeParseException e) {
      throw ConditionException.at(
          text.at(),
          "'" + text.text() + "' is not a date; write it as 2026-01-31 or 2026-01-31T23:59:59");
    }
  }

  private static ConditionException twoColumns(Token token) {
    return ConditionException.at(
        token.at(),
        "expected a value, found "
            + token
            + "; texts stand in quotes, and two columns compare with condition_parser 'spark'");
  }

  private boolean took(String word) {
    boolean says = peek().says(word);
    next += says ? 1 : 0;
    return says;
  }

  private boolean tookSign(String sign) {
    boolean is = peek().is(sign);
    next += is ? 1 : 0;
    return is;
  }

  private void take(String sign) {
    if (!tookSign(sign)) {
      throw expected("'" + sign + "'");
    }
  }

  private Token peek() {
    return tokens.get(next);
  }

  private ConditionException expected(String what) {
    return ConditionException.at(peek().at(), "expected " + what + ", found " + peek());
  }
}
