package dev.sluice.runtime.spi;

import dev.sluice.model.Sink;
import dev.sluice.model.Write;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.types.StructType;

/** Makes targets of one kind of sink. */
public interface SinkProvider {

  /** The kind of sink, as {@link Sink#kind()} says it. */
  String kind();

  /**
   * The hosts that rows would be sent to without TLS.
   *
   * @param uri the address with its placeholders filled in
   */
  Set<String> plainHosts(String uri);

  /**
   * The target behind a sink.
   *
   * @param uri the address with its placeholders filled in
   * @param schema the rows that will be written
   * @param credentials user and password where settings name them; may be empty
   */
  Target target(
      Sink sink, String uri, Write write, StructType schema, Map<String, String> credentials);
}
