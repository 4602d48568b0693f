package dev.sluice.runtime.source;

import dev.sluice.model.Column;
import dev.sluice.runtime.lake.Schemas;
import dev.sluice.runtime.route.RowLayout;
import java.util.List;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The columns of rows that were read from text. */
final class TextSchema {
  private TextSchema() {}

  /** Those declared, and the text of unreadable records where they are kept. */
  static StructType of(List<Column> columns, Unreadable unreadable) {
    StructType schema = Schemas.spark(columns);
    return switch (unreadable) {
      case KEPT -> schema.add(RowLayout.RAW, DataTypes.StringType);
      case REFUSED -> schema;
    };
  }
}
