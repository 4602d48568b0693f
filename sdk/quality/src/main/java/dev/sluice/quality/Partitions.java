package dev.sluice.quality;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/** What each partition of a frame comes to, side by side, and brought together on the driver. */
final class Partitions {

  /** Looks at the rows of one partition. */
  interface Look<T extends Serializable> extends LookAt<Row, T> {}

  /** Looks at the values of one partition. */
  interface LookAt<V, T extends Serializable> extends Function<Iterator<V>, T>, Serializable {}

  private Partitions() {}

  /** One value for each partition, in their order. */
  @SuppressWarnings("unchecked") // what goes in as T comes back as T
  static <V, T extends Serializable> List<T> each(Dataset<V> values, LookAt<V, T> look) {
    MapPartitionsFunction<V, Serializable> one =
        partition -> List.<Serializable>of(look.apply(partition)).iterator();
    return (List<T>)
        values.mapPartitions(one, Encoders.javaSerialization(Serializable.class)).collectAsList();
  }
}
