package dev.sluice.runtime.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.sluice.model.Source.LineBreaks;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.types.StructType;

/** Records of JSON lines: one object on each, read by RFC 8259 and no dialect of it. */
record JsonRecords(StructType columns) implements TextRecords {
  /** How deep arrays and objects may lie in one another. */
  static final int MOST_DEPTH = 100;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MOST_DEPTH)
                  .maxNumberLength(1000)
                  .maxStringLength(Splitter.MOST_BYTES)
                  .build())
          .build();

  @Override
  public LineBreaks lineBreaks() {
    return LineBreaks.END_RECORDS;
  }

  @Override
  public boolean hasHeader() {
    return false;
  }

  @Override
  public Parser parser(String uri, Optional<byte[]> header) {
    return new Values();
  }

  private final class Values implements Parser {
    private final Map<String, Integer> places = new HashMap<>();
    private final JsonValue[] types = new JsonValue[columns.length()];

    Values() {
      for (int i = 0; i < types.length; i++) {
        places.put(columns.apply(i).name(), i);
        types[i] = JsonValue.of(columns.apply(i).dataType());
      }
    }

    @Override
    public Object[] parse(byte[] record, int length) throws Unparsable {
      requireNoNul(record, length);
      try (JsonParser parser = FACTORY.createParser(record, 0, length)) {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
          throw new Unparsable("it is not a JSON object");
        }
        Object[] values = new Object[types.length];
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String name = parser.currentName();
          parser.nextToken();
          Integer place = places.get(name);
          if (place == null) {
            parser.skipChildren();
          } else {
            values[place] = value(name, types[place], parser);
          }
        }
        if (parser.nextToken() != null) {
          throw new Unparsable("something follows the JSON object");
        }
        return values;
      } catch (JsonProcessingException e) {
        throw new Unparsable(reason(e));
      } catch (IOException e) {
        throw new IllegalStateException("the record is in memory", e);
      }
    }

    /** What the parser says, without how to make it say otherwise. */
    private static String reason(JsonProcessingException e) {
      return e.getOriginalMessage()
          .replaceAll(", from `[^`]*`", "")
          .replaceAll("(: enable `| \\(start marker| \\(not recognized).*", "");
    }

    private static Object value(String name, JsonValue type, JsonParser parser)
        throws Unparsable, IOException {
      try {
        return type.of(parser);
      } catch (Unparsable e) {
        throw new Unparsable("column '" + name + "': " + e.getMessage());
      }
    }

    /** A zero byte would make the parser take the record for another encoding. */
    private static void requireNoNul(byte[] record, int length) throws Unparsable {
      for (int at = 0; at < length; at++) {
        if (record[at] == 0) {
          throw new Unparsable("a NUL stands in it");
        }
      }
    }
  }
}
