package dev.sluice.runtime.route;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.iceberg.spark.functions.SparkFunctions;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.analysis.NoSuchFunctionException;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.connector.catalog.FunctionCatalog;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.connector.catalog.TableChange;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.connector.write.Write;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * Where Spark finds open writes by their tokens, and the functions by which a target wants its rows
 * brought together: days, buckets and the like, as Iceberg defines them.
 */
public final class RouteCatalog implements TableCatalog, FunctionCatalog {
  /** The catalog's name in Spark's configuration. */
  public static final String NAME = "sluice_route";

  /** Spark makes its catalogs from class names: a write is found by its token. */
  private static final Map<String, RouteTable> OPEN = new ConcurrentHashMap<>();

  /** Writes all rows of a frame, in one execution of its plan. */
  public static void write(Dataset<Row> rows, Supplier<Write> write) {
    String token = UUID.randomUUID().toString();
    OPEN.put(token, new RouteTable(write, rows.schema()));
    try {
      rows.writeTo(NAME + ".`" + token + "`").append();
    } catch (NoSuchTableException e) {
      throw new IllegalStateException("it was opened just now", e);
    } finally {
      OPEN.remove(token);
    }
  }

  @Override
  public void initialize(String name, CaseInsensitiveStringMap options) {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Table loadTable(Identifier token) throws NoSuchTableException {
    RouteTable open = OPEN.get(token.name());
    if (open == null) {
      throw new NoSuchTableException(token);
    }
    return open;
  }

  @Override
  public UnboundFunction loadFunction(Identifier function) throws NoSuchFunctionException {
    UnboundFunction found = SparkFunctions.load(function.name());
    if (found == null) {
      throw new NoSuchFunctionException(function);
    }
    return found;
  }

  @Override
  public Identifier[] listFunctions(String[] namespace) {
    return SparkFunctions.list().stream()
        .map(name -> Identifier.of(new String[0], name))
        .toArray(Identifier[]::new);
  }

  @Override
  public Identifier[] listTables(String[] namespace) {
    return new Identifier[0];
  }

  @Override
  public Table alterTable(Identifier name, TableChange... changes) {
    throw new UnsupportedOperationException("routes do not change");
  }

  @Override
  public boolean dropTable(Identifier name) {
    return false;
  }

  @Override
  public void renameTable(Identifier from, Identifier to) {
    throw new UnsupportedOperationException("routes have no names");
  }
}
