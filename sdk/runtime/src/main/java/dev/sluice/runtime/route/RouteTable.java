package dev.sluice.runtime.route;

import java.util.Set;
import java.util.function.Supplier;
import org.apache.spark.sql.connector.catalog.SupportsWrite;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.Write;
import org.apache.spark.sql.connector.write.WriteBuilder;
import org.apache.spark.sql.types.StructType;

/** The door through which Spark enters a write that is made for it. */
record RouteTable(Supplier<Write> write, StructType rows) implements SupportsWrite {
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
    return new WriteBuilder() {
      @Override
      public Write build() {
        return write.get();
      }
    };
  }
}
