package dev.sluice.runtime.route;

import java.util.Map;
import java.util.Set;
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

/** The door through which Spark enters a {@link Route}. */
public final class RouteSource implements TableProvider {
  static final String TOKEN = "sluice-token";

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
      Route route = Route.find(token);
      return new WriteBuilder() {
        @Override
        public Write build() {
          return new RouteWrite(route);
        }
      };
    }
  }
}
