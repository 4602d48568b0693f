package dev.sluice.runtime.source;

import dev.sluice.model.Receipt.PinnedFile;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.orc.OrcFile;
import org.apache.orc.Reader;
import org.apache.orc.StripeInformation;
import org.apache.orc.TypeDescription;
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
      return new OrcColumns(reader.getSchema());
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
