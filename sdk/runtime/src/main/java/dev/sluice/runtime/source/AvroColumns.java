package dev.sluice.runtime.source;

import dev.sluice.model.Receipt.PinnedFile;
import java.io.IOException;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.avro.SchemaConverters;
import org.apache.spark.sql.types.DataType;

/** The columns in the header of an Avro file. */
record AvroColumns(Schema schema) implements FileColumns {

  static AvroColumns open(Configuration hadoop, PinnedFile file) throws IOException {
    Path path = new Path(file.uri());
    try (FSDataInputStream in = path.getFileSystem(hadoop).open(path);
        DataFileStream<GenericRecord> header =
            new DataFileStream<>(in, new GenericDatumReader<>())) {
      if (header.getSchema().getType() != Schema.Type.RECORD) {
        throw new IOException("its values are no records");
      }
      return new AvroColumns(header.getSchema());
    }
  }

  @Override
  public List<String> names() {
    return schema.getFields().stream().map(Schema.Field::name).toList();
  }

  @Override
  public DataType type(String column) {
    return SchemaConverters.toSqlType(schema.getField(column).schema()).dataType();
  }
}
