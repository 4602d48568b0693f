package dev.sluice.runtime.source;

import dev.sluice.model.Source.LineBreaks;
import java.io.Serializable;
import java.util.Optional;

/** How the text of a record becomes values; one for each kind of file. */
interface TextRecords extends Serializable {

  /** Makes the values of one record after another. */
  interface Parser {
    /** The values of all declared columns, as Spark keeps them within. */
    Object[] parse(byte[] record, int length) throws Unparsable;
  }

  LineBreaks lineBreaks();

  /** Whether the first record of a file is its header. */
  boolean hasHeader();

  /**
   * What parses the records of one file.
   *
   * @param uri the file, for messages
   * @param header its first record, where that is a header and the file is not empty
   */
  Parser parser(String uri, Optional<byte[]> header);
}
