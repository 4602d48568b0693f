package dev.sluice.runtime.source;

import dev.sluice.model.Receipt.PinnedFile;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.types.DataType;

/** The columns that a file itself declares. */
interface FileColumns {
  /** Their names, in order; a broken file may have one twice. */
  List<String> names();

  /** A column's type, as Spark has it; fails where Spark has none. */
  DataType type(String column);

  /** Opens a file as far as its columns; refuses one whose parts do not fit together. */
  interface Opener {
    FileColumns open(Configuration hadoop, PinnedFile file) throws IOException;
  }
}
