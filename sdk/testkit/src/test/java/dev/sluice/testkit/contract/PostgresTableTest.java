package dev.sluice.testkit.contract;

import static dev.sluice.testkit.SluiceAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.ExitCode;
import dev.sluice.model.Write;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.engine.RunRequest;
import dev.sluice.runtime.engine.Runs;
import dev.sluice.testkit.JobResult;
import dev.sluice.testkit.SluiceTest;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

@SluiceTest
@EnabledIfEnvironmentVariable(
    named = TestDatabase.POSTGRES,
    matches = ".+",
    disabledReason = TestDatabase.NO_POSTGRES)
class PostgresTableTest extends DatabaseContract {
  @Override
  TestDatabase open() {
    return TestDatabase.postgres();
  }

  @Override
  List<String> tables() {
    return database.ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
  }

  @Test
  void theTableMayLieInASchemaAndHasAComment() {
    database.execute("CREATE SCHEMA shop");
    Job into =
        new OrdersLoad(orders().describedAs("a month's orders"), Write.append(), "shop.orders");

    JobResult result = run(1, into, HEADER, "1,1.5,eu");

    assertThat(result).committed().published(HEADER, "1,1.5,eu");
    assertThat(database.ask("SELECT obj_description('shop.orders'::regclass)"))
        .containsExactly("a month's orders");
    assertThat(tables()).containsExactly("sluice_ledger");
  }

  @Test
  void aLostAnswerIsSettledByTheLedger() throws IOException {
    try (LostAnswer proxy = LostAnswer.before(database.url(), LostAnswer.Then.REACHABLE)) {
      job.set("jdbc-url", proxy.url());

      assertThat(run(1, new Databases.Appends(), HEADER, "1,1.5,eu")).committed();

      assertThat(proxy.lost()).isEqualTo(1);
    }
    job.set("jdbc-url", database.url());
    assertThat(run(1, new Databases.Appends(), HEADER, "9,9.5,eu"))
        .alreadyCommitted()
        .published(HEADER, "1,1.5,eu");
  }

  @Test
  void aLostAnswerIsUnknownWhileNobodyCanBeAsked() throws IOException {
    Job appends = new Databases.Appends();
    JobResult result;
    try (LostAnswer proxy = LostAnswer.before(database.url(), LostAnswer.Then.UNREACHABLE)) {
      job.set("jdbc-url", proxy.url());
      result = run(1, appends, HEADER, "1,1.5,eu");
    }

    assertThat(result.receipt().exitCode()).contains(ExitCode.COMMIT_UNKNOWN.value());
    assertThat(result.receipt().error().orElseThrow().message())
        .startsWith("Cannot tell whether orders was loaded: the answer to the commit was lost (");
    assertThat(tables()).as("nothing is removed on doubt").hasSize(3);
    RunRequest request = request(1, appends);
    assertThat(Runs.reconcile(request, appends).commit()).isPresent();
    job.set("jdbc-url", database.url());
    assertThat(run(1, appends, HEADER, "9,9.5,eu"))
        .alreadyCommitted()
        .published(HEADER, "1,1.5,eu");
  }
}
