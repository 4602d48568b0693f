package dev.sluice.runtime.source;

import dev.sluice.model.Source.LineBreaks;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.StructType;

/** Records of CSV files, by the names in the header of each. */
record CsvRecords(String name, StructType columns, String nullValue, LineBreaks lineBreaks)
    implements TextRecords {

  @Override
  public boolean hasHeader() {
    return true;
  }

  @Override
  public Parser parser(String uri, Optional<byte[]> header) {
    return new Values(
        CsvHeader.read(name, uri, header, Arrays.asList(columns.fieldNames())).names());
  }

  private final class Values implements Parser {
    private final CsvLine line = new CsvLine();
    private final byte[] missing = nullValue.getBytes(StandardCharsets.UTF_8);
    private final int width;
    private final int[] places;
    private final TextValue[] types;

    Values(List<String> header) {
      width = header.size();
      places = Arrays.stream(columns.fieldNames()).mapToInt(header::indexOf).toArray();
      types =
          Arrays.stream(columns.fields())
              .map(field -> TextValue.of(field.dataType()))
              .toArray(TextValue[]::new);
    }

    @Override
    public Object[] parse(byte[] record, int length) throws Unparsable {
      line.split(record, length);
      if (line.count() != width) {
        throw new Unparsable(
            String.format("it has %d values, the header has %d", line.count(), width));
      }
      Object[] values = new Object[places.length];
      for (int column = 0; column < places.length; column++) {
        values[column] = value(column);
      }
      return values;
    }

    private Object value(int column) throws Unparsable {
      int place = places[column];
      if (line.isAbsent(place)) {
        return null;
      }
      byte[] text = line.value(place);
      if (Arrays.equals(text, missing)) {
        return null;
      }
      try {
        return types[column].of(text);
      } catch (Unparsable e) {
        throw new Unparsable("column '" + columns.apply(column).name() + "': " + e.getMessage());
      }
    }
  }
}
