package dev.sluice.runtime.source;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.ArrayBasedMapData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** Makes a value of one type of the JSON value that a parser stands at. */
interface JsonValue {
  /** The value as Spark keeps it within; the parser then stands at its last token. */
  Object of(JsonParser parser) throws Unparsable, IOException;

  /** What makes values of a type, or null of JSON's null. */
  static JsonValue of(DataType type) {
    JsonValue value = ofPresent(type);
    return parser -> parser.currentToken() == JsonToken.VALUE_NULL ? null : value.of(parser);
  }

  private static JsonValue ofPresent(DataType type) {
    if (type instanceof StructType struct) {
      return struct(struct);
    }
    if (type instanceof ArrayType array) {
      return array(of(array.elementType()));
    }
    if (type instanceof MapType map) {
      return map(of(map.valueType()));
    }
    if (type instanceof DecimalType) {
      TextValue number = TextValue.of(type);
      return parser ->
          parser.currentToken() == JsonToken.VALUE_STRING
              ? number.of(bytes(text(parser)))
              : number.of(number(parser));
    }
    TextValue value = TextValue.of(type);
    return switch (type.catalogString()) {
      case "boolean" -> JsonValue::truth;
      case "tinyint", "smallint", "int", "bigint" -> parser -> value.of(whole(parser));
      case "float", "double" -> parser -> value.of(number(parser));
      case "binary" -> parser -> base64(text(parser));
      case "string" -> parser -> UTF8String.fromString(text(parser));
      default -> parser -> value.of(bytes(text(parser)));
    };
  }

  private static JsonValue struct(StructType type) {
    Map<String, Integer> places = new HashMap<>();
    JsonValue[] fields = new JsonValue[type.length()];
    for (int i = 0; i < fields.length; i++) {
      places.put(type.apply(i).name(), i);
      fields[i] = of(type.apply(i).dataType());
    }
    return parser -> {
      require(parser, JsonToken.START_OBJECT, "an object");
      Object[] values = new Object[fields.length];
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        Integer place = places.get(parser.currentName());
        parser.nextToken();
        if (place == null) {
          parser.skipChildren();
        } else {
          values[place] = fields[place].of(parser);
        }
      }
      return new GenericInternalRow(values);
    };
  }

  private static JsonValue array(JsonValue element) {
    return parser -> {
      require(parser, JsonToken.START_ARRAY, "an array");
      List<Object> elements = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        elements.add(element.of(parser));
      }
      return new GenericArrayData(elements.toArray());
    };
  }

  private static JsonValue map(JsonValue value) {
    return parser -> {
      require(parser, JsonToken.START_OBJECT, "an object");
      List<Object> keys = new ArrayList<>();
      List<Object> values = new ArrayList<>();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        keys.add(UTF8String.fromString(wellFormed(parser.currentName())));
        parser.nextToken();
        values.add(value.of(parser));
      }
      return new ArrayBasedMapData(
          new GenericArrayData(keys.toArray()), new GenericArrayData(values.toArray()));
    };
  }

  private static Object truth(JsonParser parser) throws Unparsable {
    return switch (parser.currentToken()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> throw new Unparsable("it is neither true nor false");
    };
  }

  private static byte[] whole(JsonParser parser) throws Unparsable, IOException {
    require(parser, JsonToken.VALUE_NUMBER_INT, "a whole number");
    return bytes(parser.getText());
  }

  private static byte[] number(JsonParser parser) throws Unparsable, IOException {
    if (!parser.currentToken().isNumeric()) {
      throw new Unparsable("it is not a number");
    }
    return bytes(parser.getText());
  }

  private static String text(JsonParser parser) throws Unparsable, IOException {
    require(parser, JsonToken.VALUE_STRING, "a text");
    return wellFormed(parser.getText());
  }

  /** Half a surrogate pair cannot be written as UTF-8: it would come back as a question mark. */
  private static String wellFormed(String text) throws Unparsable {
    for (int at = 0; at < text.length(); at++) {
      char one = text.charAt(at);
      if (one == 0) {
        throw new Unparsable("a NUL stands in it");
      }
      if (Character.isSurrogate(one)) {
        boolean pair =
            Character.isHighSurrogate(one)
                && at + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(at + 1));
        if (!pair) {
          throw new Unparsable("half a surrogate pair stands in it");
        }
        at++;
      }
    }
    return text;
  }

  private static byte[] base64(String text) throws Unparsable {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new Unparsable("it is not Base64");
    }
  }

  private static void require(JsonParser parser, JsonToken token, String wanted) throws Unparsable {
    if (parser.currentToken() != token) {
      throw new Unparsable("it is not " + wanted);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
