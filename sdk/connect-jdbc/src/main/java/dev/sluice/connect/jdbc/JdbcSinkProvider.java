package dev.sluice.connect.jdbc;

import com.google.auto.service.AutoService;
import dev.sluice.model.Sink;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Write;
import dev.sluice.runtime.spi.SinkProvider;
import dev.sluice.runtime.spi.Target;
import java.util.Map;
import org.apache.spark.sql.types.StructType;

/** Makes targets of {@link Sink.Jdbc}. */
@AutoService(SinkProvider.class)
public final class JdbcSinkProvider implements SinkProvider {

  @Override
  public String kind() {
    return "jdbc";
  }

  @Override
  public Target target(
      Sink sink, String uri, Write write, StructType schema, Map<String, String> credentials) {
    Sink.Jdbc jdbc = (Sink.Jdbc) sink;
    if (write.mode() == Write.Mode.REPLACE_PARTITIONS && jdbc.partitions().isEmpty()) {
      throw SluiceException.config(
          "Cannot load %s with replace-partitions: the sink names no partition columns. Add"
              + " .partitionedBy(…) to it",
          sink.name());
    }
    return new JdbcTarget(new Database(uri, credentials), jdbc, write, schema);
  }
}
