package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.JobSpec;
import dev.sluice.model.Receipt;
import dev.sluice.model.Source;
import dev.sluice.model.Table;
import dev.sluice.model.Write;
import dev.sluice.runtime.Extract;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.Run;
import dev.sluice.runtime.cli.Main;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process ends with its run, whatever threads the job has left behind. */
class LingeringThreadTest {
  @TempDir Path folder;

  @Test
  void aThreadThatTheJobHasLeftDoesNotKeepTheProcess() throws Exception {
    Path services = Files.createDirectories(folder.resolve("classes/META-INF/services"));
    Files.writeString(services.resolve(Job.class.getName()), Lingers.class.getName());
    Files.writeString(folder.resolve("rows.csv"), "id\n1\n2\n");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("-X") || argument.startsWith("--add-opens"))
        .forEach(command::add);
    String path =
        folder.resolve("classes") + File.pathSeparator + System.getProperty("java.class.path");
    command.addAll(
        List.of(
            "-Duser.timezone=UTC", "-cp", path, Main.class.getName(), "run", "lingers", "--json"));
    command.addAll(List.of("--set", "lake.warehouse=" + folder.resolve("lake").toUri()));
    command.addAll(List.of("--set", "inbox=" + folder));
    Path said = folder.resolve("said.txt");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(said.toFile())
            .redirectError(folder.resolve("log.txt").toFile())
            .start();
    try {
      assertThat(process.waitFor(180, TimeUnit.SECONDS)).as("ends").isTrue();
    } finally {
      process.destroyForcibly();
    }

    String log = Files.readString(folder.resolve("log.txt"));
    assertThat(process.exitValue()).as(log).isZero();
    assertThat(log).contains("a thread goes on");
    Receipt receipt = Receipt.parse(Files.readString(said)).orElseThrow();
    assertThat(receipt.status()).isEqualTo(Receipt.Status.COMMITTED);
    assertThat(receipt.rows().orElseThrow().written()).isEqualTo(2);
  }

  /** Leaves a thread that is no daemon and never ends. */
  public static final class Lingers extends Extract {
    /** The settings of the job. */
    record Settings(String inbox) {}

    @Override
    public JobSpec spec() {
      return JobSpec.extract("lingers")
          .settings(Settings.class)
          .read("rows", Source.csv("${inbox}/rows.csv").column("id", "int"))
          .write(Table.iceberg("shop.rows").column("id", "int"), Write.append())
          .build();
    }

    @Override
    protected Dataset<Row> extract(Dataset<Row> rows, Run run) {
      new Thread(Lingers::goOn, "lingers").start();
      System.err.println("a thread goes on");
      return rows;
    }

    private static void goOn() {
      while (true) {
        LockSupport.park();
      }
    }
  }
}
