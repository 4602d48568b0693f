package dev.sluice.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.Sink;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Write;
import java.util.Map;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused before anybody connects. */
class JdbcSinkProviderTest {
  private static final StructType ROWS = StructType.fromDDL("id INT, seq BIGINT, op STRING");
  private static final Sink.Jdbc ORDERS = Sink.jdbc("", "orders").key("id");

  private static void refuses(String uri, Sink sink, Write write, StructType rows, String message) {
    assertThatExceptionOfType(SluiceException.class)
        .isThrownBy(() -> new JdbcSinkProvider().target(sink, uri, write, rows, Map.of()))
        .withMessage(message)
        .satisfies(e -> assertThat(e.kind()).isEqualTo(ErrorKind.CONFIG));
  }

  @Test
  void aDatabaseThatCannotMergeNamesThoseThatCan() {
    refuses(
        "jdbc:mariadb://db/sales",
        ORDERS,
        Write.upsert(),
        ROWS,
        "Cannot load orders with upsert: databases of kind mariadb cannot take upsert, apply-changes"
            + " and history; those of other kinds can: postgresql, sqlite. Change that, or the"
            + " database");
  }

  @Test
  void aVersionsEndIsNotMadeByTheJob() {
    refuses(
        "jdbc:sqlite:x",
        ORDERS,
        Write.history("seq", "op"),
        ROWS,
        "Cannot load orders with history: column 'op' is made by Sluice, and the job makes it too."
            + " Remove it from the job");
  }

  @Test
  void partitionsAreNamed() {
    refuses(
        "jdbc:sqlite:x",
        ORDERS,
        Write.replacePartitions(),
        ROWS,
        "Cannot load orders with replace-partitions: the sink names no partition columns. Add"
            + " .partitionedBy(…) to it");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "array<int> | a database has no such type. Turn it into text with to_json",
        "decimal(16,2) | SQLite rounds numbers to 15 digits. Cast it to a smaller decimal or to a"
            + " string"
      })
  void aTypeThatWouldChangeIsRefused(String type, String reason) {
    refuses(
        "jdbc:sqlite:x",
        ORDERS,
        Write.append(),
        StructType.fromDDL("id INT, x " + type),
        "Cannot load a column of type " + type + ": " + reason);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"a.b.c", ".orders", "shop."})
  void aNameHasAtMostASchema(String name) {
    refuses(
        "jdbc:sqlite:x",
        Sink.jdbc("", name),
        Write.append(),
        ROWS,
        "Cannot load '"
            + name
            + "': it is neither a table's name nor SCHEMA.TABLE. Rename the sink");
  }

  @Test
  void namesAreQuoted() {
    assertThat(Relation.parse("shop.my\" orders").sql()).isEqualTo("\"shop\".\"my\"\" orders\"");
  }
}
