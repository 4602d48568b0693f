package dev.sluice.runtime.lake;

import dev.sluice.model.Partition;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.types.Type;

/** Which partitions of an Iceberg table are old: those of which no row is younger. */
record IcebergAge(org.apache.iceberg.Table there, String column, Duration age) {

  /** A partition without a value is not old, though Iceberg takes null for less than all else. */
  Expression expression() {
    return Expressions.and(Expressions.notNull(column), before());
  }

  /** Up to where a partition begins: the rest of its rows are not old enough yet. */
  private Expression before() {
    Instant oldest = partition().begin(Instant.now().minus(age));
    boolean day = there.schema().findField(column).type().typeId() == Type.TypeID.DATE;
    return day
        ? Expressions.lessThan(column, oldest.atZone(ZoneOffset.UTC).toLocalDate().toString())
        : Expressions.lessThan(column, oldest.toEpochMilli() * 1000);
  }

  private Partition partition() {
    return Partitions.texts(there.spec(), Map.of()).stream()
        .map(Partition::parse)
        .filter(found -> found.column().equals(column) && found.isOfTime())
        .findFirst()
        .orElse(Partition.value(column));
  }
}
