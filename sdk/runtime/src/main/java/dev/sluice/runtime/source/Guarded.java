package dev.sluice.runtime.source;

import java.io.Serializable;
import java.util.Iterator;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.datasources.PartitionedFile;
import scala.Function1;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;

/** Opens files as something else does, and names the file when its reading fails. */
final class Guarded
    extends AbstractFunction1<PartitionedFile, scala.collection.Iterator<InternalRow>>
    implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Function1<PartitionedFile, scala.collection.Iterator<InternalRow>> opens;

  Guarded(Function1<PartitionedFile, scala.collection.Iterator<InternalRow>> opens) {
    this.opens = opens;
  }

  @Override
  @SuppressWarnings("unchecked") // a batch of columns comes as a row, and Spark knows which it is
  public scala.collection.Iterator<InternalRow> apply(PartitionedFile file) {
    String uri = file.toPath().toString();
    try {
      scala.collection.Iterator<?> rows =
          CollectionConverters.asScala(new Rows(opens.apply(file), uri));
      return (scala.collection.Iterator<InternalRow>) rows;
    } catch (Exception e) { // Scala throws checked ones undeclared
      throw BrokenFile.read(uri, e);
    }
  }

  private record Rows(scala.collection.Iterator<?> rows, String uri) implements Iterator<Object> {
    @Override
    public boolean hasNext() {
      try {
        return rows.hasNext();
      } catch (Exception e) {
        throw BrokenFile.read(uri, e);
      }
    }

    @Override
    public Object next() {
      try {
        return rows.next();
      } catch (Exception e) {
        throw BrokenFile.read(uri, e);
      }
    }
  }
}
