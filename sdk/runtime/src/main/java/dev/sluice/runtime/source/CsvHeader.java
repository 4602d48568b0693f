package dev.sluice.runtime.source;

import dev.sluice.model.ColumnNames;
import dev.sluice.model.ErrorKind;
import dev.sluice.model.Nearest;
import dev.sluice.model.SluiceException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.unsafe.types.UTF8String;

/** The names in the first line of a CSV file, in its own order. */
record CsvHeader(List<String> names) {

  /**
   * Reads a header, which must hold every column.
   *
   * @param name what the job calls what it reads
   * @param line the first record of the file; empty where the file is
   */
  static CsvHeader read(String name, String uri, Optional<byte[]> line, List<String> columns) {
    byte[] bytes = line.orElseThrow(() -> missing(name, uri, "is empty, it has not even a header"));
    if (new String(bytes, StandardCharsets.UTF_8).isBlank()) {
      throw missing(name, uri, "begins with a blank line where its header should be");
    }
    List<String> names = names(name, uri, bytes);
    for (String column : columns) {
      if (!names.contains(column)) {
        throw SluiceException.contract(
            "Cannot read %s: the header of %s has no column '%s'. %s. Correct the file, or declare"
                + " the column by its new name",
            name, uri, column, Nearest.hint(column, names));
      }
    }
    ColumnNames.collisions(names)
        .ifPresent(
            pairs -> {
              throw SluiceException.contract(
                  "Cannot read %s: the header of %s has columns that cannot be told apart: %s."
                      + " Rename or remove them",
                  name, uri, pairs);
            });
    return new CsvHeader(names);
  }

  private static SluiceException missing(String name, String uri, String reason) {
    return new SluiceException(
        ErrorKind.DATA,
        String.format("Cannot read %s: %s %s. Deliver the file again", name, uri, reason));
  }

  private static List<String> names(String name, String uri, byte[] bytes) {
    try {
      if (!UTF8String.fromBytes(bytes).isValid()) {
        throw new Unparsable("it is not UTF-8");
      }
      CsvLine line = new CsvLine();
      line.split(bytes, bytes.length);
      List<String> names = new ArrayList<>();
      for (int value = 0; value < line.count(); value++) {
        names.add(line.text(value).strip());
      }
      return names;
    } catch (Unparsable e) {
      throw new SluiceException(
          ErrorKind.DATA,
          String.format(
              "Cannot read %s: the header of %s cannot be read: %s. Deliver the file as UTF-8, with"
                  + " line feeds and quotes as RFC 4180 has them",
              name, uri, e.getMessage()),
          e);
    }
  }
}
