package dev.sluice.connect.jdbc;

import com.google.auto.service.AutoService;
import dev.sluice.model.Nearest;
import dev.sluice.model.Sink;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Write;
import dev.sluice.runtime.spi.SinkProvider;
import dev.sluice.runtime.spi.Target;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Makes targets of {@link Sink.Jdbc}. */
@AutoService(SinkProvider.class)
public final class JdbcSinkProvider implements SinkProvider {

  @Override
  public String kind() {
    return "jdbc";
  }

  @Override
  public Set<String> plainHosts(String uri) {
    return JdbcAddress.parse(uri).plainHosts();
  }

  @Override
  public Target target(
      Sink sink, String uri, Write write, StructType schema, Map<String, String> credentials) {
    Sink.Jdbc jdbc = (Sink.Jdbc) sink;
    Database database = new Database(uri, credentials);
    if (write.mode() == Write.Mode.REPLACE_PARTITIONS && jdbc.partitions().isEmpty()) {
      throw refused(
          jdbc, write, "the sink names no partition columns", "Add .partitionedBy(…) to it");
    }
    if (write.mode().merges() && !database.merges()) {
      throw refused(
          jdbc,
          write,
          String.format(
              "databases of kind %s cannot take upsert, apply-changes and history; those of other"
                  + " kinds can: %s",
              database.kind(), String.join(", ", Database.MERGING)),
          "Change that, or the database");
    }
    if (!schema.isEmpty()) { // who only asks the ledger does not know the rows
      requireColumns(jdbc, write, schema);
      Arrays.stream(schema.fields()).forEach(database::definition); // refuses what it cannot hold
    }
    return new JdbcTarget(database, jdbc, write, schema);
  }

  private static void requireColumns(Sink.Jdbc sink, Write write, StructType schema) {
    List<String> made = List.of(schema.fieldNames());
    Stream.of(
            sink.key().stream(),
            sink.partitions().stream(),
            write.order().stream(),
            write.change().stream())
        .flatMap(names -> names)
        .filter(name -> !made.contains(name))
        .findFirst()
        .ifPresent(
            name -> {
              String reason = "the job makes no column '" + name + "'";
              throw refused(sink, write, reason, Nearest.hint(name, made));
            });
    write
        .end()
        .filter(made::contains)
        .ifPresent(
            name -> {
              String reason = "column '" + name + "' is made by Sluice, and the job makes it too";
              throw refused(sink, write, reason, "Remove it from the job");
            });
  }

  /** The table's columns: those of the rows but the change, and the end of a version. */
  static StructType tableOf(Write write, StructType rows) {
    Stream<StructField> kept =
        Arrays.stream(rows.fields())
            .filter(field -> !write.change().equals(Optional.of(field.name())));
    Stream<StructField> end =
        write.end().filter(name -> !rows.isEmpty()).stream()
            .map(
                name ->
                    DataTypes.createStructField(
                        name, rows.apply(write.order().orElseThrow()).dataType(), true));
    return new StructType(Stream.concat(kept, end).toArray(StructField[]::new));
  }

  private static SluiceException refused(Sink.Jdbc sink, Write write, String reason, String next) {
    return SluiceException.config(
        "Cannot load %s with %s: %s. %s", sink.name(), write.word(), reason, next);
  }
}
