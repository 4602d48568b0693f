package dev.sluice.runtime.engine;

import dev.sluice.model.Column;
import dev.sluice.model.JobKind;
import dev.sluice.model.JobSpec;
import dev.sluice.model.Receipt;
import dev.sluice.model.Receipt.PinnedFile;
import dev.sluice.model.Source;
import dev.sluice.runtime.lake.Lake;
import dev.sluice.runtime.lake.Schemas;
import dev.sluice.runtime.spi.PinnedTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** What a job reads: first as empty frames to plan with, then pinned and counted. */
final class Inputs {
  private final Bound bound;
  private final Lake lake;
  private final List<Receipt.Input> pinned = new ArrayList<>();
  private RowCounter counter;

  Inputs(Bound bound, Lake lake) {
    this.bound = bound;
    this.lake = lake;
  }

  /** Frames with the right columns and no rows. */
  Map<String, Dataset<Row>> empty() {
    Map<String, Dataset<Row>> frames = new LinkedHashMap<>();
    for (JobSpec.Read read : bound.spec().reads()) {
      frames.put(read.name(), lake.spark().createDataFrame(List.of(), schema(read)));
    }
    return frames;
  }

  private StructType schema(JobSpec.Read read) {
    if (read.source() instanceof Source.TableRead table) {
      return Schemas.spark(table.table().columns());
    }
    return csv(read, (Source.Csv) read.source()).schema();
  }

  /** Frames with the rows of this moment; those of the first read are counted as they pass. */
  Map<String, Dataset<Row>> pin() {
    Map<String, Dataset<Row>> frames = new LinkedHashMap<>();
    for (JobSpec.Read read : bound.spec().reads()) {
      Dataset<Row> rows =
          read.source() instanceof Source.TableRead table
              ? table(read, table)
              : csv(read, csv(read, (Source.Csv) read.source()));
      if (frames.isEmpty()) {
        counter = RowCounter.register(lake.spark(), "read");
        rows = rows.where(counter.passing());
      }
      frames.put(read.name(), rows);
    }
    return frames;
  }

  /** How many rows the first read has delivered. */
  long firstReadRows() {
    return counter.value();
  }

  /** What was read, for the receipt. */
  List<Receipt.Input> pinned() {
    return pinned;
  }

  private Dataset<Row> table(JobSpec.Read read, Source.TableRead source) {
    PinnedTable table = lake.pin(source.table());
    pinned.add(
        new Receipt.Input(
            read.name(), table.uri(), table.snapshotId(), Optional.empty(), Optional.empty()));
    return source
        .within()
        .map(
            column ->
                table
                    .rows()
                    .where(
                        LiveRun.within(
                            org.apache.spark.sql.functions.col("`" + column + "`"),
                            bound.interval().orElseThrow())))
        .orElse(table.rows());
  }

  private Dataset<Row> csv(JobSpec.Read read, CsvReader reader) {
    List<PinnedFile> files = reader.pin();
    pinned.add(
        new Receipt.Input(
            read.name(),
            bound.fill(((Source.Csv) read.source()).uri()),
            Optional.empty(),
            Optional.of(files),
            Optional.empty()));
    return reader.read(files);
  }

  private CsvReader csv(JobSpec.Read read, Source.Csv source) {
    boolean ofTable = source.columns().isEmpty() && bound.spec().kind() == JobKind.EXTRACT;
    List<Column> columns =
        ofTable
            ? bound.spec().rows().orElseThrow().columns().stream()
                .filter(column -> !source.except().contains(column.name()))
                .toList()
            : source.columns();
    boolean first = read.equals(bound.spec().reads().get(0));
    return new CsvReader(
        lake.spark(),
        read.name(),
        source,
        bound.fill(source.uri()),
        columns,
        first ? CsvReader.Unreadable.KEPT : CsvReader.Unreadable.REFUSED);
  }
}
