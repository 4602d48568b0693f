package dev.sluice.runtime.source;

import java.io.Serializable;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.unsafe.types.UTF8String;

/** Makes a value of one type from its text, exactly or not at all. */
interface TextValue extends Serializable {
  /** The value as Spark keeps it within. */
  Object of(byte[] text) throws Unparsable;

  /** Whether values of this type can be written as one text. */
  static boolean has(DataType type) {
    return !type.catalogString().matches("(array|map|struct)<.*");
  }

  /** What makes values of a type. */
  static TextValue of(DataType type) {
    if (type instanceof DecimalType decimal) {
      return text -> Numbers.decimal(text, decimal.precision(), decimal.scale());
    }
    return switch (type.catalogString()) {
      case "boolean" -> TextValue::truth;
      case "tinyint" -> text -> (byte) Numbers.whole(text, Byte.MIN_VALUE, Byte.MAX_VALUE);
      case "smallint" -> text -> (short) Numbers.whole(text, Short.MIN_VALUE, Short.MAX_VALUE);
      case "int" -> text -> (int) Numbers.whole(text, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case "bigint" -> text -> Numbers.whole(text, Long.MIN_VALUE, Long.MAX_VALUE);
      case "float" -> Numbers::single;
      case "double" -> Numbers::fraction;
      case "string" -> UTF8String::fromBytes;
      case "binary" -> text -> text;
      case "date" -> IsoTime::date;
      case "timestamp" -> IsoTime::instant;
      case "timestamp_ntz" -> IsoTime::wallClock;
      default -> throw new IllegalArgumentException(type.sql());
    };
  }

  private static Object truth(byte[] text) throws Unparsable {
    return switch (new String(text, StandardCharsets.UTF_8).toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new Unparsable("it is neither true nor false");
    };
  }

  /** Numbers: a digit too many is not rounded away, and what is too large is no infinity. */
  final class Numbers {
    private static final int MOST_DIGITS = 1000;

    /** The most digits of an exponent. */
    private static final int MOST_EXPONENT = 9;

    private Numbers() {}

    static long whole(byte[] text, long least, long most) throws Unparsable {
      int at = 0;
      boolean negative = text.length > 0 && text[0] == '-';
      if (negative || (text.length > 0 && text[0] == '+')) {
        at++;
      }
      if (at == text.length) {
        throw new Unparsable("it is not a whole number");
      }
      long number = 0; // counted downwards, where there is one number more
      for (; at < text.length; at++) {
        int digit = text[at] - '0';
        if (digit < 0 || digit > 9) {
          throw new Unparsable("it is not a whole number");
        }
        if (number < (Long.MIN_VALUE + digit) / 10) {
          throw new Unparsable("the number is too large for its type");
        }
        number = 10 * number - digit;
      }
      if (!negative && number == Long.MIN_VALUE) {
        throw new Unparsable("the number is too large for its type");
      }
      number = negative ? number : -number;
      if (number < least || number > most) {
        throw new Unparsable("the number is too large for its type");
      }
      return number;
    }

    static Object fraction(byte[] bytes) throws Unparsable {
      String text = ascii(bytes);
      return switch (text) {
        case "NaN" -> Double.NaN;
        case "Infinity", "Inf" -> Double.POSITIVE_INFINITY;
        case "-Infinity", "-Inf" -> Double.NEGATIVE_INFINITY;
        default -> {
          double number = Double.parseDouble(number(text));
          requireKept(Double.isInfinite(number), number == 0, text);
          yield number;
        }
      };
    }

    static Object single(byte[] bytes) throws Unparsable {
      String text = ascii(bytes);
      return switch (text) {
        case "NaN" -> Float.NaN;
        case "Infinity", "Inf" -> Float.POSITIVE_INFINITY;
        case "-Infinity", "-Inf" -> Float.NEGATIVE_INFINITY;
        default -> {
          float number = Float.parseFloat(number(text));
          requireKept(Float.isInfinite(number), number == 0, text);
          yield number;
        }
      };
    }

    private static void requireKept(boolean infinite, boolean zero, String text) throws Unparsable {
      if (infinite) {
        throw new Unparsable("the number is too large for its type");
      }
      if (zero && new BigDecimal(text).signum() != 0) {
        throw new Unparsable("the number is too small for its type");
      }
    }

    static Object decimal(byte[] bytes, int precision, int scale) throws Unparsable {
      BigDecimal number = new BigDecimal(number(ascii(bytes))).stripTrailingZeros();
      if (number.signum() == 0) {
        return Decimal.apply(BigDecimal.ZERO.setScale(scale), precision, scale);
      }
      // Compared before it is scaled: 1e999999999 would be a number of a thousand million digits.
      if (number.scale() > scale) {
        throw new Unparsable("the number has more than " + scale + " decimals");
      }
      if ((long) number.precision() - number.scale() > precision - scale) {
        throw new Unparsable("the number is too large for its type");
      }
      return Decimal.apply(number.setScale(scale), precision, scale);
    }

    private static String number(String text) throws Unparsable {
      int at = skipSign(text, 0);
      int point = skipDigits(text, at);
      boolean pointed = point < text.length() && text.charAt(point) == '.';
      int end = pointed ? skipDigits(text, point + 1) : point;
      int digits = end - at - (pointed ? 1 : 0);
      int exponent = 0;
      if (end < text.length() && (text.charAt(end) | 0x20) == 'e') {
        int from = skipSign(text, end + 1);
        end = skipDigits(text, from);
        exponent = end == from ? MOST_EXPONENT + 1 : end - from;
      }
      if (digits == 0 || digits > MOST_DIGITS || exponent > MOST_EXPONENT || end != text.length()) {
        throw new Unparsable("it is not a number");
      }
      return text;
    }

    private static int skipSign(String text, int at) {
      boolean sign = at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+');
      return sign ? at + 1 : at;
    }

    private static int skipDigits(String text, int from) {
      int at = from;
      while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        at++;
      }
      return at;
    }

    private static String ascii(byte[] bytes) {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
  }
}
