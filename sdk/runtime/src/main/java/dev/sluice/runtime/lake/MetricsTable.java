package dev.sluice.runtime.lake;

import dev.sluice.model.Table;
import dev.sluice.model.TableFormat;
import dev.sluice.quality.history.Metric;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.parquet.Parquet;

/**
 * The figures of all runs that wrote one table, each run's appended to those before.
 *
 * <p>Written and read without Spark: a run has a few dozen figures, and no job is worth them.
 */
public final class MetricsTable {
  private final Table table;
  private final IcebergTables tables;

  MetricsTable(Lake lake, Table measured) {
    this.table =
        new Table(
            measured.name() + "_metrics",
            "Figures of the runs that wrote " + measured.name(),
            TableFormat.ICEBERG,
            Metric.COLUMNS,
            List.of(),
            List.of(),
            null);
    this.tables =
        new IcebergTables(lake, table, Schemas.spark(Metric.COLUMNS), builder -> builder, Map.of());
  }

  /** The table's name in the catalog. */
  public String name() {
    return table.name();
  }

  /** The figures of all runs of a job; none where the table is not there yet. */
  public List<Metric> history(String job) {
    return tables.find().map(there -> history(there, job)).orElse(List.of());
  }

  private static List<Metric> history(org.apache.iceberg.Table there, String job) {
    try (CloseableIterable<Record> records =
        IcebergGenerics.read(there).where(Expressions.startsWith("run_key", job + "/")).build()) {
      List<Metric> metrics = new ArrayList<>();
      records.forEach(record -> metrics.add(metric(record)));
      return metrics;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Metric metric(Record record) {
    List<Object> cells = new ArrayList<>();
    for (int i = 0; i < record.size(); i++) {
      cells.add(record.get(i) instanceof OffsetDateTime time ? time.toInstant() : record.get(i));
    }
    return Metric.ofCells(cells);
  }

  /** Appends the figures of one run in one commit. */
  public void append(List<Metric> metrics) {
    org.apache.iceberg.Table there = tables.prepare();
    OutputFile file =
        there
            .io()
            .newOutputFile(
                there.locationProvider().newDataLocation(UUID.randomUUID() + ".parquet"));
    try {
      DataWriter<Record> writer =
          Parquet.writeData(file)
              .schema(there.schema())
              .withSpec(PartitionSpec.unpartitioned())
              .createWriterFunc(GenericParquetWriter::create)
              .build();
      try (writer) {
        metrics.forEach(metric -> writer.write(record(there, metric)));
      }
      there.newAppend().appendFile(writer.toDataFile()).commit();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Record record(org.apache.iceberg.Table there, Metric metric) {
    Record record = GenericRecord.create(there.schema());
    List<Object> cells = metric.cells();
    for (int i = 0; i < cells.size(); i++) {
      record.set(
          i, cells.get(i) instanceof Instant time ? time.atOffset(ZoneOffset.UTC) : cells.get(i));
    }
    return record;
  }
}
