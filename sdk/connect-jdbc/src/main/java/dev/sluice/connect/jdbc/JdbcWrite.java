package dev.sluice.connect.jdbc;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.SluiceException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.distributions.Distribution;
import org.apache.spark.sql.connector.distributions.Distributions;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.SortOrder;
import org.apache.spark.sql.connector.write.BatchWrite;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.DataWriterFactory;
import org.apache.spark.sql.connector.write.PhysicalWriteInfo;
import org.apache.spark.sql.connector.write.RequiresDistributionAndOrdering;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructType;

/** Writes rows into a staging table; each carries the attempt that wrote it. */
final class JdbcWrite implements RequiresDistributionAndOrdering, BatchWrite {
  static final String ATTEMPT = "sluice_attempt";
  private static final int BATCH = 1000;

  private final Database database;
  private final Relation table;
  private final StructType schema;

  JdbcWrite(Database database, Relation table, StructType schema) {
    this.database = database;
    this.table = table;
    this.schema = schema;
  }

  /** The attempt that committed. */
  record Message(long attempt) implements WriterCommitMessage {}

  @Override
  public String description() {
    return table.name();
  }

  /** SQLite takes one writer at a time. */
  @Override
  public Distribution requiredDistribution() {
    return database.isSqlite()
        ? Distributions.clustered(new Expression[] {Expressions.column(schema.fieldNames()[0])})
        : Distributions.unspecified();
  }

  @Override
  public int requiredNumPartitions() {
    return database.isSqlite() ? 1 : 0;
  }

  @Override
  public SortOrder[] requiredOrdering() {
    return new SortOrder[0];
  }

  @Override
  public BatchWrite toBatch() {
    return this;
  }

  @Override
  public DataWriterFactory createBatchWriterFactory(PhysicalWriteInfo info) {
    return new Factory(database, table, schema);
  }

  @Override
  public void commit(WriterCommitMessage[] messages) {
    throw new IllegalStateException("staged by the route, published by the target");
  }

  /** The staging table goes as a whole, when the run discards it. */
  @Override
  public void abort(WriterCommitMessage[] messages) {}

  private record Factory(Database database, Relation table, StructType schema)
      implements DataWriterFactory {
    @Override
    public DataWriter<InternalRow> createWriter(int partition, long task) {
      return new Writer(this, task);
    }
  }

  private static final class Writer implements DataWriter<InternalRow> {
    private final Factory factory;
    private final long attempt;
    private final DataType[] types;
    private Connection connection;
    private PreparedStatement insert;
    private int pending;

    Writer(Factory factory, long attempt) {
      this.factory = factory;
      this.attempt = attempt;
      this.types =
          IntStream.range(0, factory.schema().size())
              .mapToObj(i -> factory.schema().apply(i).dataType())
              .toArray(DataType[]::new);
    }

    @Override
    public void write(InternalRow row) throws IOException {
      try {
        if (insert == null) {
          open();
        }
        for (int i = 0; i < types.length; i++) {
          insert.setObject(i + 1, row.isNullAt(i) ? null : value(row, i));
        }
        insert.setLong(types.length + 1, attempt);
        insert.addBatch();
        if (++pending == BATCH) {
          insert.executeBatch();
          pending = 0;
        }
      } catch (SQLException e) {
        throw factory.database().failed(e);
      }
    }

    private void open() throws SQLException {
      connection = factory.database().connect();
      connection.setAutoCommit(false);
      String places =
          IntStream.rangeClosed(0, types.length)
              .mapToObj(i -> "?")
              .collect(Collectors.joining(","));
      insert =
          connection.prepareStatement(
              "INSERT INTO " + factory.table().sql() + " VALUES (" + places + ")");
    }

    private Object value(InternalRow row, int i) {
      if (types[i] instanceof DecimalType decimal) {
        return row.getDecimal(i, decimal.precision(), decimal.scale()).toJavaBigDecimal();
      }
      return switch (types[i].simpleString()) {
        case "tinyint" -> (int) row.getByte(i);
        case "smallint" -> (int) row.getShort(i);
        case "float" -> number(row.getFloat(i));
        case "double" -> number(row.getDouble(i));
        case "date" -> time(LocalDate.ofEpochDay(row.getInt(i)));
        case "timestamp" -> moment(wallClock(row.getLong(i)));
        case "timestamp_ntz" -> time(wallClock(row.getLong(i)));
        case "string" -> row.getUTF8String(i).toString();
        case "binary" -> row.getBinary(i);
        default -> row.get(i, types[i]);
      };
    }

    private static LocalDateTime wallClock(long micros) {
      return LocalDateTime.ofInstant(Instant.EPOCH.plus(micros, ChronoUnit.MICROS), ZoneOffset.UTC);
    }

    private Object moment(LocalDateTime utc) {
      return factory.database().isPostgres() ? utc.atOffset(ZoneOffset.UTC) : time(utc);
    }

    /** SQLite has no type for times, and compares their texts. */
    private Object time(Object value) {
      return factory.database().isSqlite() ? value.toString() : value;
    }

    private double number(double value) {
      if (Double.isNaN(value) && factory.database().isSqlite()) {
        throw new SluiceException(
            ErrorKind.DATA,
            "Cannot load a row: a column holds NaN, which SQLite would turn into null. Turn it into"
                + " null in the job, or load another database");
      }
      return value;
    }

    @Override
    public WriterCommitMessage commit() throws IOException {
      if (insert != null) {
        try {
          insert.executeBatch();
          connection.commit();
        } catch (SQLException e) {
          throw factory.database().failed(e);
        }
      }
      return new Message(attempt);
    }

    @Override
    public void abort() throws IOException {
      if (connection != null) {
        try {
          connection.rollback();
        } catch (SQLException e) {
          throw factory.database().failed(e);
        }
      }
    }

    @Override
    public void close() throws IOException {
      if (connection != null) {
        try {
          connection.close();
        } catch (SQLException e) {
          throw factory.database().failed(e);
        }
      }
    }
  }
}
