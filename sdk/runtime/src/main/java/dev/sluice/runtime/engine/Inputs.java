package dev.sluice.runtime.engine;

import dev.sluice.model.Column;
import dev.sluice.model.JobKind;
import dev.sluice.model.JobSpec;
import dev.sluice.model.Receipt;
import dev.sluice.model.Receipt.PinnedFile;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Source;
import dev.sluice.runtime.lake.Lake;
import dev.sluice.runtime.lake.Schemas;
import dev.sluice.runtime.source.Pins;
import dev.sluice.runtime.source.SourceReader;
import dev.sluice.runtime.source.Unreadable;
import dev.sluice.runtime.spi.Guard;
import dev.sluice.runtime.spi.PinnedTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** What a job reads: first as empty frames to plan with, then pinned and counted. */
final class Inputs {
  private final Bound bound;
  private final Lake lake;
  private final Map<String, Receipt.Input> earlier;
  private final List<Receipt.Input> pinned = new ArrayList<>();
  private RowCounter counter;
  private long bytes;

  /** What a job reads now. */
  Inputs(Bound bound, Lake lake) {
    this(bound, lake, Map.of());
  }

  /**
   * What an earlier run has read.
   *
   * @param earlier what that run has pinned, by its name; what is not among it is read as it is now
   */
  Inputs(Bound bound, Lake lake, Map<String, Receipt.Input> earlier) {
    this.bound = bound;
    this.lake = lake;
    this.earlier = earlier;
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
    return reader(read, (Source.Files) read.source()).schema();
  }

  /** Frames with the rows of this moment; those of the first read are counted as they pass. */
  Map<String, Dataset<Row>> pin() {
    Map<String, Dataset<Row>> frames = new LinkedHashMap<>();
    for (JobSpec.Read read : bound.spec().reads()) {
      Dataset<Row> rows =
          read.source() instanceof Source.TableRead table
              ? table(read, table)
              : files(read, (Source.Files) read.source());
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

  /** How large it is in its files, as far as anybody can tell before it is read. */
  long bytes() {
    return bytes;
  }

  /** What was read, for the receipt. */
  List<Receipt.Input> pinned() {
    return pinned;
  }

  private Dataset<Row> table(JobSpec.Read read, Source.TableRead source) {
    PinnedTable table =
        earlier(read)
            .flatMap(Receipt.Input::snapshotId)
            .map(snapshot -> lake.pin(source.table(), snapshot))
            .orElseGet(() -> lake.pin(source.table()));
    pinned.add(
        new Receipt.Input(
            read.name(), table.uri(), table.snapshotId(), Optional.empty(), Optional.empty()));
    Dataset<Row> rows =
        source
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
    bytes += TableSize.of(table.rows(), rows);
    return rows;
  }

  private Dataset<Row> files(JobSpec.Read read, Source.Files source) {
    SourceReader reader = reader(read, source);
    String uri = bound.address(source.uri());
    List<PinnedFile> files =
        earlier(read)
            .flatMap(Receipt.Input::files)
            .map(then -> Pins.again(hadoop(), read.name(), then))
            .orElseGet(() -> Pins.of(hadoop(), read.name(), uri));
    bytes += files.stream().mapToLong(PinnedFile::bytes).sum();
    pinned.add(
        new Receipt.Input(
            read.name(), uri, Optional.empty(), Optional.of(files), Optional.empty()));
    return reader.read(files);
  }

  private Optional<Receipt.Input> earlier(JobSpec.Read read) {
    return Optional.ofNullable(earlier.get(read.name()));
  }

  private SourceReader reader(JobSpec.Read read, Source.Files source) {
    boolean ofTable = source.columns().isEmpty() && bound.spec().kind() == JobKind.EXTRACT;
    List<Column> columns =
        ofTable
            ? bound.spec().rows().orElseThrow().columns().stream()
                .filter(column -> !source.except().contains(column.name()))
                .toList()
            : source.columns();
    boolean first = read.equals(bound.spec().reads().get(0));
    boolean kept = first && Planner.readsUnreadable(bound.spec());
    return SourceReader.of(
        lake.spark(), read.name(), source, columns, kept ? Unreadable.KEPT : Unreadable.REFUSED);
  }

  /**
   * Refuses to go on where a file is no longer what was read.
   *
   * @throws SluiceException of kind SOURCE that names the file
   */
  void requireUnchanged() {
    change()
        .ifPresent(
            change -> {
              throw change;
            });
  }

  /** Refuses to go on as {@link #requireUnchanged}, where an error may come from a change. */
  void requireUnchangedAfter(Exception error) {
    Optional<SluiceException> change;
    try {
      change = change();
    } catch (SluiceException unknown) {
      error.addSuppressed(unknown);
      return;
    }
    if (change.isPresent()) {
      change.get().addSuppressed(error);
      throw change.get();
    }
  }

  /** What has become of a file since it was pinned, as an error; empty where all are the same. */
  private Optional<SluiceException> change() {
    for (Receipt.Input input : Guard.PINS.holds() ? pinned : List.<Receipt.Input>of()) {
      Optional<SluiceException> change =
          input.files().flatMap(files -> Pins.change(hadoop(), input.name(), files));
      if (change.isPresent()) {
        return change;
      }
    }
    return Optional.empty();
  }

  private Configuration hadoop() {
    return lake.spark().sessionState().newHadoopConf();
  }
}
