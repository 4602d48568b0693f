package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Interval;
import dev.sluice.model.Receipt;
import dev.sluice.model.Receipt.Status;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.cli.Main;
import dev.sluice.runtime.spi.FailPoint;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line of a range, in a process that is killed between two of its parts. */
class RangeCommandTest {
  @TempDir private Path folder;

  private Path message() {
    return folder.resolve("message.json");
  }

  /** Runs three days, and answers the exit code. */
  private int run(String... options) throws Exception {
    Path services = Files.createDirectories(folder.resolve("classes/META-INF/services"));
    Files.writeString(services.resolve(Job.class.getName()), Sales.class.getName());
    List<String> command = ChildJvm.command(Main.class, options);
    int path = command.indexOf("-cp") + 1;
    command.set(path, folder.resolve("classes") + File.pathSeparator + command.get(path));
    command.addAll(List.of("run", "load-sales", "--interval", "2024-02-28/2024-03-02"));
    command.addAll(List.of("--each", "day", "--set", "inbox=" + folder));
    command.addAll(List.of("--set", "lake.warehouse=" + folder.resolve("lake").toUri()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("SLUICE_TERMINATION_MESSAGE", message().toString());
    Process process = builder.redirectOutput(folder.resolve("log.txt").toFile()).start();
    try {
      assertThat(process.waitFor(300, TimeUnit.SECONDS)).as("ends").isTrue();
    } finally {
      process.destroyForcibly();
    }
    return process.exitValue();
  }

  private Receipt left() throws Exception {
    return Receipt.parse(Files.readString(message())).orElseThrow();
  }

  @Test
  void whatWasCommittedBeforeAKillIsFoundByTheNextRun() throws Exception {
    Files.writeString(
        folder.resolve("sales.csv"),
        "id,amount,day\n1,10,2024-02-28\n2,20,2024-02-29\n3,30,2024-03-01\n");
    String killed =
        "-D" + FailPoint.PROPERTY + "=" + FailPoint.AFTER_COMMIT.with(FailPoint.Action.HALT);

    assertThat(run(killed)).isEqualTo(FailPoint.KILLED);
    Receipt cutOff = left();
    assertThat(cutOff.status()).isEqualTo(Status.RUNNING);
    assertThat(cutOff.range().orElseThrow().running())
        .contains(Interval.parse("2024-02-28/2024-02-29"));

    assertThat(run()).as(Files.readString(folder.resolve("log.txt"))).isZero();
    Receipt.Range range = left().range().orElseThrow();
    assertThat(List.of(range.committed(), range.alreadyCommitted())).containsExactly(2, 1);
    assertThat(left().rows()).contains(new Receipt.Rows(9, 3, 0, 6));
    assertThat(Files.readString(folder.resolve("log.txt")))
        .contains("load-sales: part 3 of 3: 2024-03-01/2024-03-02")
        .contains(
            "load-sales: COMMITTED · 3 parts = committed 2 + already 1 + failed 0 + not run 0 · read"
                + " 9 = written 3 + quarantined 0 + filtered 6");
  }
}
