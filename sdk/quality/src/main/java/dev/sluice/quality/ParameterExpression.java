package dev.sluice.quality;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.sluice.model.Nearest;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The arithmetic that {@code $PARAMETER} may hold: names, numbers, {@code + - * /}, parentheses,
 * and the functions of Great Expectations for times: {@code now()}, {@code datetime(2026, 1, 31)},
 * {@code timedelta(days=1)}.
 */
final class ParameterExpression {
  private static final Pattern NUMBER =
      Pattern.compile("(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?");
  private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_.:]*");
  private static final List<String> DATE_PARTS =
      List.of("year", "month", "day", "hour", "minute", "second", "microsecond");
  private static final Map<String, ChronoUnit> UNITS = units();

  private final String text;
  private final Map<String, JsonNode> names;
  private final Clock clock;
  private int at;

  private ParameterExpression(String text, Map<String, JsonNode> names, Clock clock) {
    this.text = text;
    this.names = names;
    this.clock = clock;
  }

  /**
   * The value of an expression.
   *
   * @param names the values that names stand for; a name alone may stand for any JSON
   * @throws IllegalArgumentException where it has none, with the reason
   */
  static JsonNode value(String text, Map<String, JsonNode> names, Clock clock) {
    JsonNode named = names.get(text.strip());
    return named != null ? named : new ParameterExpression(text, names, clock).value();
  }

  private JsonNode value() {
    try {
      Object value = sum();
      if (skip() < text.length()) {
        throw unexpected();
      }
      return json(value);
    } catch (ArithmeticException | DateTimeException e) {
      throw new IllegalArgumentException(
          "parameter expression '" + text + "' has no value: " + e.getMessage(), e);
    }
  }

  private Object sum() {
    Object left = product();
    while (ahead("+") || ahead("-")) {
      char sign = text.charAt(at++);
      Object right = product();
      left = sign == '+' ? plus(left, right) : plus(left, negative(right));
    }
    return left;
  }

  private Object product() {
    Object left = signed();
    while (ahead("*") || ahead("/")) {
      char sign = text.charAt(at++);
      Object right = signed();
      left =
          left instanceof Duration span && sign == '*'
              ? times(span, number(right))
              : sign == '*'
                  ? number(left).multiply(number(right))
                  : number(left).divide(number(right), MathContext.DECIMAL64);
    }
    return left;
  }

  private Object signed() {
    if (took("-")) {
      return negative(signed());
    }
    return took("+") ? signed() : single();
  }

  private Object single() {
    if (took("(")) {
      Object inner = sum();
      take(")");
      return inner;
    }
    String number = take(NUMBER);
    if (!number.isEmpty()) {
      return new BigDecimal(number);
    }
    String name = take(NAME);
    if (name.isEmpty()) {
      throw unexpected();
    }
    return took("(") ? call(name) : named(name);
  }

  private Object named(String name) {
    JsonNode value = names.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "unknown parameter '"
              + name
              + "'. "
              + (names.isEmpty()
                  ? "Neither suite_parameters nor the caller give any"
                  : Nearest.to(name, names.keySet())
                      .map(near -> "Did you mean '" + near + "'?")
                      .orElse(
                          "Known: "
                              + String.join(", ", names.keySet().stream().sorted().toList()))));
    }
    if (value.isNumber()) {
      return value.decimalValue();
    }
    if (value.isTextual()) {
      try {
        String iso = value.asText().strip().replace(' ', 'T');
        return LocalDateTime.parse(iso.contains("T") ? iso : iso + "T00:00:00");
      } catch (DateTimeException e) {
        throw new IllegalArgumentException(
            "parameter '" + name + "' is the text " + value + ", which cannot be calculated with",
            e);
      }
    }
    throw new IllegalArgumentException(
        "parameter '" + name + "' is " + value + ", which cannot be calculated with");
  }

  /** A call whose opening parenthesis was read. */
  private Object call(String function) {
    Map<String, Object> named = new LinkedHashMap<>();
    List<Object> positional = new ArrayList<>();
    while (!took(")")) {
      int start = skip();
      String name = take(NAME);
      if (!name.isEmpty() && took("=")) {
        named.put(name, sum());
      } else {
        at = start;
        positional.add(sum());
      }
      if (!took(",") && !ahead(")")) {
        throw unexpected();
      }
    }
    return switch (function) {
      case "now" -> LocalDateTime.now(clock).truncatedTo(ChronoUnit.MICROS);
      case "datetime" -> moment(arguments(function, DATE_PARTS, positional, named));
      case "timedelta" -> span(arguments(function, List.copyOf(UNITS.keySet()), positional, named));
      case "abs" -> number(only(function, positional)).abs();
      case "round" -> number(only(function, positional)).setScale(0, RoundingMode.HALF_EVEN);
      case "trunc" -> number(only(function, positional)).setScale(0, RoundingMode.DOWN);
      default ->
          throw new IllegalArgumentException(
              "unknown function '"
                  + function
                  + "'. Known: abs, datetime, now, round, timedelta, trunc");
    };
  }

  private static Map<String, BigDecimal> arguments(
      String function, List<String> known, List<Object> positional, Map<String, Object> named) {
    Map<String, BigDecimal> arguments = new LinkedHashMap<>();
    for (int i = 0; i < Math.min(positional.size(), known.size()); i++) {
      arguments.put(known.get(i), number(positional.get(i)));
    }
    named.forEach((name, value) -> arguments.put(name, number(value)));
    if (positional.size() > known.size() || !known.containsAll(arguments.keySet())) {
      throw new IllegalArgumentException(
          function + " takes " + String.join(", ", known) + ", and nothing else");
    }
    return arguments;
  }

  private static LocalDateTime moment(Map<String, BigDecimal> parts) {
    for (String needed : DATE_PARTS.subList(0, 3)) {
      if (!parts.containsKey(needed)) {
        throw new IllegalArgumentException("datetime needs a year, a month and a day");
      }
    }
    int[] values = new int[DATE_PARTS.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = parts.getOrDefault(DATE_PARTS.get(i), BigDecimal.ZERO).intValueExact();
    }
    return LocalDateTime.of(values[0], values[1], values[2], values[3], values[4], values[5])
        .plus(values[6], ChronoUnit.MICROS);
  }

  private static Duration span(Map<String, BigDecimal> parts) {
    Duration span = Duration.ZERO;
    for (Map.Entry<String, BigDecimal> part : parts.entrySet()) {
      span = span.plus(times(UNITS.get(part.getKey()).getDuration(), part.getValue()));
    }
    return span;
  }

  private static Duration times(Duration span, BigDecimal factor) {
    BigDecimal nanos =
        BigDecimal.valueOf(span.getSeconds(), -9).add(BigDecimal.valueOf(span.getNano()));
    BigDecimal product = nanos.multiply(factor);
    BigDecimal second = BigDecimal.valueOf(1, -9);
    BigDecimal seconds = product.divideToIntegralValue(second);
    return Duration.ofSeconds(
        seconds.longValueExact(), product.subtract(seconds.multiply(second)).longValue());
  }

  private static Object only(String function, List<Object> arguments) {
    if (arguments.size() != 1) {
      throw new IllegalArgumentException(function + " takes one number");
    }
    return arguments.get(0);
  }

  private static Object plus(Object left, Object right) {
    if (left instanceof LocalDateTime moment && right instanceof Duration span) {
      return moment.plus(span);
    }
    if (left instanceof Duration span && right instanceof LocalDateTime moment) {
      return moment.plus(span);
    }
    if (left instanceof Duration one && right instanceof Duration other) {
      return one.plus(other);
    }
    return number(left).add(number(right));
  }

  private static Object negative(Object value) {
    return value instanceof Duration span ? span.negated() : number(value).negate();
  }

  private static BigDecimal number(Object value) {
    if (value instanceof BigDecimal number) {
      return number;
    }
    throw new IllegalArgumentException(
        (value instanceof Duration ? "a timedelta" : "a datetime") + " cannot stand here");
  }

  private JsonNode json(Object value) {
    if (value instanceof LocalDateTime moment) {
      return TextNode.valueOf(moment.format(DateTimeFormatter.ISO_LOCAL_DATE_TIME));
    }
    BigDecimal number = number(value);
    if (number.stripTrailingZeros().scale() > 0) {
      return DoubleNode.valueOf(number.doubleValue());
    }
    JsonNode whole = BigIntegerNode.valueOf(number.toBigInteger());
    if (whole.canConvertToInt()) {
      return IntNode.valueOf(whole.asInt());
    }
    return whole.canConvertToLong() ? LongNode.valueOf(whole.asLong()) : whole;
  }

  private int skip() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private boolean ahead(String sign) {
    return text.startsWith(sign, skip());
  }

  private boolean took(String sign) {
    boolean ahead = ahead(sign);
    at += ahead ? sign.length() : 0;
    return ahead;
  }

  private void take(String sign) {
    if (!took(sign)) {
      throw unexpected();
    }
  }

  private String take(Pattern pattern) {
    Matcher matcher = pattern.matcher(text).region(skip(), text.length());
    if (!matcher.lookingAt()) {
      return "";
    }
    at = matcher.end();
    return matcher.group();
  }

  private IllegalArgumentException unexpected() {
    String found = skip() < text.length() ? "'" + text.charAt(at) + "'" : "the end";
    return new IllegalArgumentException(
        "parameter expression '"
            + text
            + "' is not understood at character "
            + (at + 1)
            + ": "
            + found);
  }

  /** In the order of Python's timedelta. */
  private static Map<String, ChronoUnit> units() {
    Map<String, ChronoUnit> units = new LinkedHashMap<>();
    units.put("days", ChronoUnit.DAYS);
    units.put("seconds", ChronoUnit.SECONDS);
    units.put("microseconds", ChronoUnit.MICROS);
    units.put("milliseconds", ChronoUnit.MILLIS);
    units.put("minutes", ChronoUnit.MINUTES);
    units.put("hours", ChronoUnit.HOURS);
    units.put("weeks", ChronoUnit.WEEKS);
    return units;
  }
}
