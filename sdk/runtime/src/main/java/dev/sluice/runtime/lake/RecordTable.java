package dev.sluice.runtime.lake;

import dev.sluice.model.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.parquet.Parquet;

/**
 * An Iceberg table of a few rows a run, written and read without Spark: no job is worth them.
 *
 * <p>A row is a list of cells in the order of the table's columns; instants are timestamps, an
 * absent value is null.
 */
final class RecordTable {
  private final IcebergTables tables;

  RecordTable(Lake lake, Table table) {
    this.tables =
        new IcebergTables(lake, table, Schemas.spark(table.columns()), List.of(), Map.of());
  }

  /** The table, if the catalog has it. */
  Optional<org.apache.iceberg.Table> find() {
    return tables.find();
  }

  /** The table, made where the catalog does not have it. */
  org.apache.iceberg.Table prepare() {
    return tables.prepare();
  }

  /** The rows of its current snapshot for which the filter holds, in no order. */
  static List<List<Object>> read(org.apache.iceberg.Table there, Expression filter) {
    try (CloseableIterable<Record> records = IcebergGenerics.read(there).where(filter).build()) {
      List<List<Object>> rows = new ArrayList<>();
      records.forEach(record -> rows.add(cells(record)));
      return rows;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Object> cells(Record record) {
    List<Object> cells = new ArrayList<>();
    for (int i = 0; i < record.size(); i++) {
      cells.add(record.get(i) instanceof OffsetDateTime time ? time.toInstant() : record.get(i));
    }
    return cells;
  }

  /** Writes rows into a file that no snapshot names yet. */
  static DataFile write(org.apache.iceberg.Table there, List<List<Object>> rows) {
    String name = UUID.randomUUID() + ".parquet";
    OutputFile file = there.io().newOutputFile(there.locationProvider().newDataLocation(name));
    try {
      DataWriter<Record> writer =
          Parquet.writeData(file)
              .schema(there.schema())
              .withSpec(PartitionSpec.unpartitioned())
              .createWriterFunc(GenericParquetWriter::create)
              .build();
      try (writer) {
        rows.forEach(row -> writer.write(record(there, row)));
      }
      return writer.toDataFile();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Record record(org.apache.iceberg.Table there, List<Object> cells) {
    Record record = GenericRecord.create(there.schema());
    for (int i = 0; i < cells.size(); i++) {
      Object cell = cells.get(i);
      record.set(i, cell instanceof Instant time ? time.atOffset(ZoneOffset.UTC) : cell);
    }
    return record;
  }
}
