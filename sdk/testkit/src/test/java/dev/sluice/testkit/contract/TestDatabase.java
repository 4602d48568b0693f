package dev.sluice.testkit.contract;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A database of its own for one test. */
final class TestDatabase implements AutoCloseable {
  /** Names the JDBC address of a PostgreSQL; {@code ci/test} starts one. */
  static final String POSTGRES = "SLUICE_TEST_POSTGRES";

  static final String NO_POSTGRES =
      "no PostgreSQL: name the address of one in " + POSTGRES + ", as ci/test does";

  private final String url;
  private final String dropped;

  private TestDatabase(String url, String dropped) {
    this.url = url;
    this.dropped = dropped;
  }

  static TestDatabase sqlite(Path folder) {
    return new TestDatabase("jdbc:sqlite:" + folder.resolve("sink.db"), "");
  }

  static TestDatabase postgres() {
    String name = "test_" + UUID.randomUUID().toString().replace('-', '_');
    execute(System.getenv(POSTGRES), "CREATE DATABASE " + name);
    return new TestDatabase(
        System.getenv(POSTGRES).replaceFirst("/[^/?]*\\?", "/" + name + "?"), name);
  }

  String url() {
    return url;
  }

  void execute(String sql) {
    execute(url, sql);
  }

  /** The first column of an answer. */
  List<String> ask(String sql) {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      ResultSet found = statement.executeQuery(sql);
      List<String> answers = new ArrayList<>();
      while (found.next()) {
        answers.add(found.getString(1));
      }
      return answers;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void execute(String url, String sql) {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    if (!dropped.isEmpty()) {
      execute(System.getenv(POSTGRES), "DROP DATABASE " + dropped + " WITH (FORCE)");
    }
  }
}
