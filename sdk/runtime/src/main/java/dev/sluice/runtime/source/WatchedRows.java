package dev.sluice.runtime.source;

import java.io.Serializable;
import java.util.Iterator;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.execution.datasources.PartitionedFile;
import org.apache.spark.sql.types.StructType;
import scala.Function1;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;

/** Opens files so that all values of a row are made while it is read, and watched over. */
final class WatchedRows
    extends AbstractFunction1<PartitionedFile, scala.collection.Iterator<InternalRow>>
    implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Function1<PartitionedFile, scala.collection.Iterator<InternalRow>> opens;
  private final StructType schema;

  WatchedRows(
      Function1<PartitionedFile, scala.collection.Iterator<InternalRow>> opens, StructType schema) {
    this.opens = opens;
    this.schema = schema;
  }

  @Override
  public scala.collection.Iterator<InternalRow> apply(PartitionedFile file) {
    Iterator<InternalRow> rows = new Made(opens.apply(file), UnsafeProjection.create(schema));
    return CollectionConverters.asScala(new Watched(rows, Watched.MOST));
  }

  private record Made(scala.collection.Iterator<InternalRow> rows, UnsafeProjection values)
      implements Iterator<InternalRow> {
    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public InternalRow next() {
      return values.apply(rows.next());
    }
  }
}
