package dev.sluice.runtime.route;

import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.connector.catalog.SupportsWrite;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.Write;
import org.apache.spark.sql.connector.write.WriteBuilder;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** The door through which Spark enters a write that is made for it. */
public final class RouteSource implements TableProvider {
  private static final String TOKEN = "sluice-token";

  /** Spark makes its sources from class names and texts: a write is found by its token. */
  private static final Map<String, Supplier<Write>> OPEN = new ConcurrentHashMap<>();

  /** Writes all rows of a frame, in one execution of its plan. */
  public static void write(Dataset<Row> rows, Supplier<Write> write) {
    String token = UUID.randomUUID().toString();
    OPEN.put(token, write);
    try {
      rows.write().format(RouteSource.class.getName()).option(TOKEN, token).mode("append").save();
    } finally {
      OPEN.remove(token);
    }
  }

  private static Supplier<Write> find(String token) {
    Supplier<Write> write = OPEN.get(token);
    if (write == null) {
      throw new IllegalStateException("no write is open for token " + token);
    }
    return write;
  }

  @Override
  public StructType inferSchema(CaseInsensitiveStringMap options) {
    return new StructType();
  }

  @Override
  public boolean supportsExternalMetadata() {
    return true;
  }

  @Override
  public Table getTable(StructType schema, Transform[] partitions, Map<String, String> options) {
    return new RouteTable(new CaseInsensitiveStringMap(options).get(TOKEN), schema);
  }

  private record RouteTable(String token, StructType rows) implements SupportsWrite {
    @Override
    public String name() {
      return "gate";
    }

    @Override
    @SuppressWarnings("deprecation") // Table.columns() derives from it, and all else is asked there
    public StructType schema() {
      return rows;
    }

    @Override
    public Set<TableCapability> capabilities() {
      return Set.of(TableCapability.BATCH_WRITE, TableCapability.ACCEPT_ANY_SCHEMA);
    }

    @Override
    public WriteBuilder newWriteBuilder(LogicalWriteInfo info) {
      Supplier<Write> write = find(token);
      return new WriteBuilder() {
        @Override
        public Write build() {
          return write.get();
        }
      };
    }
  }
}
