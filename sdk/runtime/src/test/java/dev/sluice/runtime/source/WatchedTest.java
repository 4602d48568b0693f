package dev.sluice.runtime.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A reader that computes for ever is given up, one that is slow is not. */
@Timeout(60)
class WatchedTest {

  @Test
  void allRowsComeInTheirOrder() {
    List<Integer> found = new ArrayList<>();
    new Watched(rows(3000), Duration.ofMillis(1)).forEachRemaining(row -> found.add(row.getInt(0)));
    assertThat(found).isEqualTo(IntStream.range(0, 3000).boxed().toList());
  }

  @Test
  void aReaderThatComputesForEverIsGivenUp() {
    Iterator<InternalRow> endless =
        new Iterator<>() {
          private long asked;

          @Override
          public boolean hasNext() {
            while (asked >= 0) {
              asked = (asked + 1) & Long.MAX_VALUE;
            }
            return false;
          }

          @Override
          public InternalRow next() {
            throw new IllegalStateException("it has not said that there is one");
          }
        };
    assertThatThrownBy(() -> new Watched(endless, Duration.ofMillis(200)).hasNext())
        .hasRootCauseMessage("its reader does not come to an end");
  }

  @Test
  void whatTheReaderThrowsIsThrown() {
    Iterator<InternalRow> broken =
        rows(1500, row -> row == 1200 ? Integer.parseInt("broken") : row);
    Watched watched = new Watched(broken, Duration.ofSeconds(10));
    IntStream.range(0, 1024).forEach(row -> watched.next());
    assertThatThrownBy(watched::next).hasRootCauseMessage("For input string: \"broken\"");
  }

  private static Iterator<InternalRow> rows(int count) {
    return rows(count, row -> row);
  }

  private static Iterator<InternalRow> rows(int count, java.util.function.IntUnaryOperator value) {
    return IntStream.range(0, count)
        .map(value)
        .<InternalRow>mapToObj(row -> new GenericInternalRow(new Object[] {row}))
        .iterator();
  }
}
