package dev.sluice.runtime.source;

import dev.sluice.model.Receipt.PinnedFile;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.orc.OrcFile;
import org.apache.orc.OrcProto;
import org.apache.orc.Reader;
import org.apache.orc.RecordReader;
import org.apache.orc.StripeInformation;
import org.apache.orc.TypeDescription;
import org.apache.orc.impl.RecordReaderImpl;
import org.apache.spark.sql.execution.datasources.orc.OrcUtils;
import org.apache.spark.sql.types.DataType;

/** The columns in the footer of an ORC file. */
record OrcColumns(TypeDescription schema) implements FileColumns {

  static OrcColumns open(Configuration hadoop, PinnedFile file) throws IOException {
    if (file.bytes() == 0) {
      throw new IOException("it is empty"); // which its reader takes for a file without rows
    }
    try (Reader reader =
        OrcFile.createReader(new Path(file.uri()), OrcFile.readerOptions(hadoop))) {
      long rows = 0;
      for (StripeInformation stripe : reader.getStripes()) {
        rows += stripe.getNumberOfRows();
        long end = stripe.getOffset() + stripe.getLength();
        if (stripe.getOffset() < 0 || stripe.getLength() < 0 || end > file.bytes()) {
          throw new IOException("a stripe of its footer lies outside the file");
        }
      }
      if (rows != reader.getNumberOfRows()) {
        throw new IOException(
            String.format(
                "its footer counts %d rows, its stripes have %d", reader.getNumberOfRows(), rows));
      }
      if (reader.getSchema().getCategory() != TypeDescription.Category.STRUCT) {
        throw new IOException("its values are no records");
      }
      requireBounded(reader);
      return new OrcColumns(reader.getSchema());
    }
  }

  /** A dictionary is read to its end, and one that claims to have more words than rows has none. */
  private static void requireBounded(Reader reader) throws IOException {
    // No rows: only the footers of the stripes are looked at.
    try (RecordReader none = reader.rows(reader.options().range(0, 0))) {
      for (StripeInformation stripe : reader.getStripes()) {
        OrcProto.StripeFooter footer = ((RecordReaderImpl) none).readStripeFooter(stripe);
        for (OrcProto.ColumnEncoding column : footer.getColumnsList()) {
          // Counted without a sign: what seems negative is beyond all measure.
          if (Integer.toUnsignedLong(column.getDictionarySize()) > stripe.getNumberOfRows()) {
            throw new IOException("a dictionary of a stripe claims to be longer than its rows");
          }
        }
      }
    }
  }

  @Override
  public List<String> names() {
    return schema.getFieldNames();
  }

  @Override
  public DataType type(String column) {
    TypeDescription one = TypeDescription.createStruct();
    one.addField(column, schema.getChildren().get(names().indexOf(column)).clone());
    return OrcUtils.toCatalystSchema(one).apply(0).dataType();
  }
}
