package dev.sluice.runtime.source;

import dev.sluice.model.Receipt.PinnedFile;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.mapred.FsInput;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.avro.SchemaConverters;
import org.apache.spark.sql.types.DataType;

/** The columns in the header of an Avro file. */
record AvroColumns(Schema schema) implements FileColumns {
  /** The size of the mark that ends the header and each block. */
  private static final int MARK = 16;

  static AvroColumns open(Configuration hadoop, PinnedFile file) throws IOException {
    Path path = new Path(file.uri());
    try (DataFileReader<GenericRecord> header =
        new DataFileReader<>(new FsInput(path, hadoop), new GenericDatumReader<>())) {
      if (header.getSchema().getType() != Schema.Type.RECORD) {
        throw new IOException("its values are no records");
      }
      requireMark(hadoop, path, header.previousSync(), file.bytes());
      return new AvroColumns(header.getSchema());
    }
  }

  /** A file that does not end as its header does was cut within a block, which reads as its end. */
  private static void requireMark(Configuration hadoop, Path path, long headerEnd, long end)
      throws IOException {
    try (FSDataInputStream in = path.getFileSystem(hadoop).open(path)) {
      byte[] first = new byte[MARK];
      byte[] last = new byte[MARK];
      in.readFully(headerEnd - MARK, first);
      in.readFully(end - MARK, last);
      if (!Arrays.equals(first, last)) {
        throw new IOException("it does not end as its blocks do");
      }
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
