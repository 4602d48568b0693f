package dev.sluice.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QueryLinesTest {
  @Test
  void aQuerysLineIsTheMethodOfSparkAndWhoHasCalledIt() {
    assertThat(
            QueryLines.line(
                """
                org.apache.spark.sql.classic.DataFrameWriterV2.append(DataFrameWriterV2.scala:160)
                app//dev.sluice.runtime.route.RouteCatalog.append(RouteCatalog.java:37)
                app//dev.sluice.runtime.engine.GatedWrite.stage(GatedWrite.java:70)
                """))
        .contains("append at RouteCatalog.java:37");
  }

  @Test
  void whatIsNoStackHasNone() {
    assertThat(QueryLines.line("")).isEmpty();
    assertThat(QueryLines.line("select * from orders where id in (1, 2)")).isEmpty();
    assertThat(QueryLines.line("a.B.c(B.java:1)")).isEmpty();
  }
}
