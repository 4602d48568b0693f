package dev.sluice.runtime.lake;

import dev.sluice.model.Capability;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.regex.Pattern;
import org.apache.spark.sql.avro.AvroFileFormat;
import org.apache.spark.sql.execution.datasources.FileFormat;
import org.apache.spark.sql.execution.datasources.orc.OrcFileFormat;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;

/** The formats of plain files, as Spark itself writes and reads them. */
final class FileFormats {
  private static final Pattern INSTANT = Pattern.compile("(^|[<,:])timestamp(?=$|[,>])");

  private FileFormats() {}

  /** What writes a table's files, and reads them by the name of its class. */
  static FileFormat of(Table table) {
    return switch (table.format()) {
      case PARQUET -> new ParquetFileFormat();
      case ORC -> new OrcFileFormat();
      case AVRO -> new AvroFileFormat(); // part of Spark SQL; spark-avro would only name it
      case ICEBERG, DELTA ->
          throw new IllegalArgumentException(table.name() + " is not a table of plain files");
    };
  }

  /**
   * Refuses instants in ORC files where they would not stay what they are.
   *
   * <p>Spark keeps them there as what a clock shows in the JVM's zone: another JVM reads another
   * instant, and an hour that comes twice cannot be told from itself.
   */
  static void requireExactInstants(Table table) {
    ZoneId zone = ZoneId.systemDefault();
    boolean utc = zone.getRules().equals(ZoneOffset.UTC.getRules());
    if (!table.format().can(Capability.EVERY_INSTANT) && !utc) {
      table.columns().stream()
          .filter(column -> INSTANT.matcher(column.type()).find())
          .findFirst()
          .ifPresent(
              column -> {
                throw SluiceException.config(
                    "Cannot use %s in time zone %s: column '%s' is %s, which ORC files keep exactly"
                        + " only in UTC. Start the JVM with -Duser.timezone=UTC, or use another"
                        + " format: %s",
                    table.name(),
                    zone,
                    column.name(),
                    column.type(),
                    String.join(", ", Capability.EVERY_INSTANT.formats()));
              });
    }
  }
}
