package dev.sluice.testkit;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How to start a class in a process of its own, in surroundings like this one's. */
public final class ChildJvm {
  /** A life of seconds: compiling with C2 would cost it more than it gives. */
  private static final List<String> SHORT_LIVED =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  /**
   * Names a class path with the same classes, of jars alone, to which an archive of them belongs.
   */
  private static final String CLASS_PATH = "sluice.child.class-path";

  /** Names that archive: a start then costs half. */
  private static final String ARCHIVE = "sluice.child.archive";

  private ChildJvm() {}

  /**
   * The command, to which the class' arguments can be added.
   *
   * @param options of the JVM, beside those of this one, over which they win
   */
  public static List<String> command(Class<?> main, String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> !argument.startsWith("-agentlib") && !argument.startsWith("-javaagent"))
        .forEach(command::add);
    command.addAll(SHORT_LIVED);
    if (System.getProperty(ARCHIVE) != null) {
      command.add("-XX:SharedArchiveFile=" + System.getProperty(ARCHIVE));
    }
    command.addAll(Arrays.asList(options));
    command.add("-cp");
    command.add(System.getProperty(CLASS_PATH, System.getProperty("java.class.path")));
    command.add(main.getName());
    return command;
  }
}
