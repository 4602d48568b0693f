package dev.sluice.jobs.tpch;

import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import com.google.common.collect.Iterators;
import io.trino.tpch.LineItemGenerator;
import io.trino.tpch.OrderGenerator;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/** Writes orders and lines of TPC-H as Parquet files: {@code FOLDER SCALE PARTS}. */
public final class TpchRows {
  private static final StructType ORDERS =
      columns(
          Map.entry("order_key", LongType),
          Map.entry("customer_key", LongType),
          Map.entry("total_cents", LongType),
          Map.entry("priority", StringType));
  private static final StructType LINES =
      columns(
          Map.entry("order_key", LongType),
          Map.entry("line", IntegerType),
          Map.entry("part_key", LongType),
          Map.entry("quantity", LongType),
          Map.entry("price_cents", LongType),
          Map.entry("ship_mode", StringType),
          Map.entry("comment", StringType));

  /** The rows of one part of a table. */
  private interface Part extends Serializable {
    Iterator<Row> rows(double scale, int part, int parts);
  }

  private TpchRows() {}

  /** Scale 1 is 6 million lines of 1.5 million orders. */
  public static void main(String[] args) throws Exception {
    double scale = Double.parseDouble(args[1]);
    int parts = Integer.parseInt(args[2]);
    try (SparkSession spark = SparkSession.builder().master("local[2]").getOrCreate()) {
      write(spark, args[0] + "/orders", ORDERS, scale, parts, TpchRows::orders);
      write(spark, args[0] + "/lines", LINES, scale, parts, TpchRows::lines);
    }
  }

  private static void write(
      SparkSession spark, String folder, StructType columns, double scale, int parts, Part part) {
    List<Integer> numbers = IntStream.rangeClosed(1, parts).boxed().toList();
    spark
        .createDataset(numbers, Encoders.INT())
        .repartition(parts)
        .flatMap(
            (FlatMapFunction<Integer, Row>) number -> part.rows(scale, number, parts),
            Encoders.row(columns))
        .write()
        .parquet(folder);
  }

  private static Iterator<Row> orders(double scale, int part, int parts) {
    return Iterators.transform(
        new OrderGenerator(scale, part, parts).iterator(),
        order ->
            RowFactory.create(
                order.getOrderKey(),
                order.getCustomerKey(),
                order.getTotalPriceInCents(),
                order.getOrderPriority()));
  }

  private static Iterator<Row> lines(double scale, int part, int parts) {
    return Iterators.transform(
        new LineItemGenerator(scale, part, parts).iterator(),
        line ->
            RowFactory.create(
                line.getOrderKey(),
                line.getLineNumber(),
                line.getPartKey(),
                line.getQuantity(),
                line.getExtendedPriceInCents(),
                line.getShipMode(),
                line.getComment()));
  }

  @SafeVarargs
  private static StructType columns(Map.Entry<String, DataType>... of) {
    StructType columns = new StructType();
    for (Map.Entry<String, DataType> column : of) {
      columns = columns.add(column.getKey(), column.getValue());
    }
    return columns;
  }
}
