package dev.sluice.connect.delta;

import dev.sluice.model.Maintenance;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.runtime.lake.Drift;
import dev.sluice.runtime.lake.Schemas;
import dev.sluice.runtime.spi.FileCatalog;
import dev.sluice.runtime.spi.FileCatalog.Entry;
import dev.sluice.runtime.spi.Fit;
import dev.sluice.runtime.spi.LakeAccess;
import dev.sluice.runtime.spi.Ledger;
import dev.sluice.runtime.spi.TargetChange;
import dev.sluice.runtime.spi.Words;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.ConcurrentModificationException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.delta.DeltaOperations;
import org.apache.spark.sql.delta.OptimisticTransaction;
import org.apache.spark.sql.delta.actions.Format;
import org.apache.spark.sql.delta.actions.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/** Makes and changes a Delta table to match its declaration, in its log and in the catalog. */
final class DeltaDefinition {
  private static final int ATTEMPTS = 5;

  /** How long the log tells of files that it no longer names, and vacuum leaves them. */
  static final String FILES_KEPT = "delta.deletedFileRetentionDuration";

  /** What Spark, Trino and Athena each look at to know a Delta table. */
  private static final Map<String, String> PARAMETERS =
      Map.of(
          "EXTERNAL",
          "TRUE",
          FileCatalog.CLASSIFICATION,
          "delta",
          "table_type",
          "DELTA",
          "spark.sql.sources.provider",
          "delta");

  private final LakeAccess lake;
  private final Table table;

  DeltaDefinition(LakeAccess lake, Table table) {
    this.lake = lake;
    this.table = table;
  }

  /** What {@link #prepare()} would do. */
  List<TargetChange> changes() {
    Optional<Entry> entry = entry();
    Optional<DeltaView> there = DeltaView.latest(lake, table);
    if (there.isEmpty()) {
      return List.of(
          TargetChange.creates("create table " + table.name() + " at " + lake.location(table)));
    }
    List<TargetChange> changes = new ArrayList<>();
    if (entry.isEmpty()) {
      changes.add(
          TargetChange.keeps("register table " + table.name() + " at " + lake.location(table)));
    }
    changes.addAll(drift(there.get()).told());
    missing(there.get())
        .forEach((name, value) -> changes.add(TargetChange.keeps("set " + name + " to " + value)));
    return changes;
  }

  /** How rows are cut to the columns that stay. */
  Fit fit() {
    return DeltaView.latest(lake, table).map(there -> drift(there).fit()).orElse(Fit.EXACT);
  }

  /** The catalog's entry, which must be one of a Delta table. */
  private Optional<Entry> entry() {
    Optional<Entry> found = lake.catalogCall(() -> lake.files().find(table));
    found
        .map(entry -> entry.parameters().getOrDefault(FileCatalog.CLASSIFICATION, "parquet"))
        .filter(files -> !files.equals("delta"))
        .ifPresent(
            files -> {
              throw SluiceException.contract(
                  "Cannot register table %s: its files are %s in the catalog and delta in the"
                      + " declaration. Declare %s again, or write to a new table",
                  table.name(), files, files);
            });
    return found;
  }

  private Drift drift(DeltaView there) {
    if (!there.partitions().equals(table.partitions())) {
      throw SluiceException.contract(
          "Cannot register table %s: it is partitioned by %s, and by %s in the declaration. Declare"
              + " the partitions as they were, or write to a new table",
          table.name(), named(there.partitions()), named(table.partitions()));
    }
    return Drift.of(table, types(there.columns()));
  }

  private static String named(List<String> partitions) {
    return partitions.isEmpty() ? "nothing" : String.join(", ", partitions);
  }

  private static Map<String, String> types(StructType columns) {
    Map<String, String> types = new LinkedHashMap<>();
    Arrays.stream(columns.fields())
        .forEach(field -> types.put(field.name(), field.dataType().catalogString()));
    return types;
  }

  /** Makes the table, or adds the columns that it lacks. */
  void prepare() {
    Optional<Entry> entry = entry();
    enter(entry, amend(this::withAdditions));
  }

  /** The comments and tags that {@link #register()} would change, one line each. */
  List<String> words() {
    List<String> words = new ArrayList<>();
    DeltaView.latest(lake, table).map(this::words).ifPresent(words::addAll);
    entry().map(found -> Words.ofTags(table, found.parameters())).ifPresent(words::addAll);
    return words;
  }

  private List<String> words(DeltaView there) {
    List<String> words = new ArrayList<>();
    StructType after = withComments(there.columns());
    for (StructField field : there.columns().fields()) {
      Option<String> comment = after.apply(field.name()).getComment();
      if (!comment.equals(field.getComment())) {
        words.add(Words.ofColumn(field.name(), comment.getOrElse(() -> "")));
      }
    }
    return words;
  }

  /** Brings comments and tags in line as well. */
  void register() {
    Optional<Entry> entry = entry();
    enter(entry, amend(there -> withComments(withAdditions(there))));
  }

  /** Changes the columns if need be; where another writer does so too, what it has made counts. */
  private StructType amend(UnaryOperator<StructType> change) {
    for (int attempt = 1; ; attempt++) {
      Optional<DeltaView> there = DeltaView.latest(lake, table);
      there.ifPresent(this::drift);
      if (there.filter(found -> isRight(found, change)).isPresent()) {
        return there.get().columns();
      }
      try {
        return commit(change);
      } catch (ConcurrentModificationException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private boolean isRight(DeltaView there, UnaryOperator<StructType> change) {
    return change.apply(there.columns()).equals(there.columns()) && missing(there).isEmpty();
  }

  private StructType commit(UnaryOperator<StructType> change) {
    OptimisticTransaction transaction = DeltaCommit.begin(lake, table);
    if (transaction.readVersion() < 0) {
      Metadata fresh = fresh();
      transaction.updateMetadataForNewTable(fresh);
      commit(transaction, new DeltaOperations.CreateTable(fresh, false, false, Option.empty()));
      return fresh.schema();
    }
    Metadata old = transaction.metadata();
    StructType columns = change.apply(old.schema());
    Map<String, String> properties =
        new HashMap<>(CollectionConverters.asJava(old.configuration()));
    properties.putAll(kept());
    transaction.updateMetadata(
        old.copy(
            old.id(),
            old.name(),
            old.description(),
            old.format(),
            columns.json(),
            old.partitionColumns(),
            AsScala.map(properties),
            old.createdTime()),
        false);
    commit(transaction, new DeltaOperations.UpdateSchema(old.schema(), columns));
    return columns;
  }

  private static void commit(
      OptimisticTransaction transaction, DeltaOperations.Operation operation) {
    transaction.commit(AsScala.seq(List.of()), operation, AsScala.map(Map.of()));
  }

  /** Commits are kept for as long as a run may be repeated and still be told its rows. */
  private Map<String, String> properties() {
    Map<String, String> properties = new HashMap<>(kept());
    properties.put("delta.logRetentionDuration", "interval " + Ledger.KEPT.toDays() + " days");
    return properties;
  }

  /** What the table's maintenance needs its log to remember. */
  private Map<String, String> kept() {
    return table.maintenance().stream()
        .filter(Maintenance.OrphanRemoval.class::isInstance)
        .map(step -> ((Maintenance.OrphanRemoval) step).age())
        .findFirst()
        .map(age -> Map.of(FILES_KEPT, "interval " + age.toSeconds() + " seconds"))
        .orElse(Map.of());
  }

  private Map<String, String> missing(DeltaView there) {
    Map<String, String> missing = new HashMap<>(kept());
    missing.entrySet().removeIf(e -> e.getValue().equals(there.properties().get(e.getKey())));
    return missing;
  }

  private Metadata fresh() {
    return new Metadata(
        UUID.randomUUID().toString(),
        table.name(),
        table.comment().isEmpty() ? null : table.comment(),
        new Format("parquet", AsScala.map(Map.of())),
        Schemas.spark(table.columns()).json(),
        AsScala.seq(table.partitions()),
        AsScala.map(properties()),
        Option.apply(System.currentTimeMillis()));
  }

  private StructType withAdditions(StructType there) {
    StructType columns = there;
    for (StructField field : Schemas.spark(Drift.of(table, types(there)).added(table)).fields()) {
      columns = columns.add(field);
    }
    return columns;
  }

  private StructType withComments(StructType there) {
    StructType declared = Schemas.spark(table.columns());
    return new StructType(
        Arrays.stream(there.fields())
            .map(
                field ->
                    declared.getFieldIndex(field.name()).isDefined()
                        ? commented(field, declared.apply(field.name()).getComment())
                        : field)
            .toArray(StructField[]::new));
  }

  private static StructField commented(StructField field, Option<String> comment) {
    MetadataBuilder metadata =
        new MetadataBuilder().withMetadata(field.metadata()).remove("comment");
    StructField bare =
        new StructField(field.name(), field.dataType(), field.nullable(), metadata.build());
    return comment.isDefined() ? bare.withComment(comment.get()) : bare;
  }

  /** Writes the catalog's entry where it does not say what the log says. */
  private void enter(Optional<Entry> found, StructType there) {
    Map<String, String> columns = types(there);
    boolean right =
        found
            .filter(entry -> entry.columns().equals(columns))
            .filter(entry -> Words.ofTags(table, entry.parameters()).isEmpty())
            .isPresent();
    if (right) {
      return;
    }
    Map<String, String> parameters = new HashMap<>();
    found.ifPresent(entry -> parameters.putAll(entry.parameters()));
    parameters.putAll(PARAMETERS);
    Map<String, String> tagged = Words.tagged(table, parameters);
    lake.catalogCall(
        () -> {
          lake.files().put(table, new Entry(columns, lake.location(table), tagged));
          return null;
        });
  }
}
