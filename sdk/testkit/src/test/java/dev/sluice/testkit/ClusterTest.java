package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.deploy.worker.Worker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tasks that Spark starts twice write and count their rows once, because the first was slow or its
 * executor is gone. Spark does so only where there are executors, each on a host of its own: here a
 * small cluster on several loopback addresses.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "only Linux has more than one loopback address")
class ClusterTest {
  private static final int PATIENCE_SECONDS = 400;

  @TempDir Path folder;

  private final List<Process> running = new ArrayList<>();

  @AfterEach
  void end() {
    for (Process process : running) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  @Test
  void tasksThatWereStartedTwiceCountOnce() throws Exception {
    assertThat(run(ClusterRun.Fate.SLOW))
        .containsPattern("speculative=[1-9]")
        .contains("executors=2")
        .containsPattern("tasks=[1-9]");
  }

  @Test
  @Tag("long")
  void tasksOfAnExecutorThatIsLostCountOnce() throws Exception {
    assertThat(run(ClusterRun.Fate.LOST)).containsPattern("lost=[1-9]");
  }

  /**
   * Runs the job, which must end well with the rows that it was given, and answers what it said.
   */
  private String run(ClusterRun.Fate fate) throws Exception {
    String port = Integer.toString(freePort());
    String master = "spark://127.0.0.1:" + port;
    start("master", Master.class, "--host", "127.0.0.1", "--port", port, "--webui-port", "0");
    for (String host : List.of("127.0.0.2", "127.0.0.3")) {
      start(
          host, Worker.class, "--host", host, "-c", "1", "-m", "700M", "--webui-port", "0", master);
    }
    String opens = String.join(" ", opens()) + " -Duser.timezone=UTC";

    Process run = start("run", ClusterRun.class, opens, master, fate.name());

    assertThat(run.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("ends in time").isTrue();
    String said = Files.readString(folder.resolve("run.log"));
    assertThat(run.exitValue()).as(said).isZero();
    assertThat(said).contains("exact=true");
    return said;
  }

  private Process start(String name, Class<?> main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(opens());
    command.addAll(List.of("-Xmx600m", "-Duser.timezone=UTC", "-cp"));
    command.addAll(List.of(System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    // Executors are started as from an installation; this one holds nothing, their class path all.
    Path installation = folder.resolve("spark");
    Files.createDirectories(installation.resolve("jars"));
    builder.environment().put("SPARK_HOME", installation.toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.directory(Files.createDirectories(folder.resolve("of-" + name)).toFile());
    Process process = builder.redirectOutput(folder.resolve(name + ".log").toFile()).start();
    running.add(process);
    return process;
  }

  private static List<String> opens() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens"))
        .toList();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
