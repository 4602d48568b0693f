package dev.sluice.runtime.cli;

import dev.sluice.model.ExitCode;
import dev.sluice.model.Sdk;
import dev.sluice.model.SluiceException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;

/** The entry point: {@code run}, {@code plan}, {@code list}, {@code manifest} and the rest. */
@Command(
    name = "sluice",
    description = "Runs data jobs that publish all or nothing, and prove it.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    subcommands = {
      RunCommand.class,
      PlanCommand.class,
      ListCommand.class,
      ManifestCommand.class,
      RegisterCommand.class,
      CheckSuiteCommand.class,
      SuiteCommand.class,
      QuarantineCommand.class,
      RunsCommand.class,
      ReconcileCommand.class,
      MaintainCommand.class,
      ExecutorCommand.class
    },
    footer = {
      "",
      "Exit codes: 0 committed (or already committed), 2 configuration, 3 gate refused,",
      "4 bad-input budget exceeded, 5 commit outcome unknown, 6 conflict, 70 bug in the job,",
      "75 transient, 137 memory, 143 terminated."
    })
public final class Main {
  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    NumberedLines.onStandardError(System.getenv()); // before anybody has taken hold of the stream
    // Threads of clients that were never told to end must not keep a finished run alive.
    System.exit(execute(args));
  }

  /** Runs one command and answers its exit code. */
  public static int execute(String... args) {
    CommandLine line = new CommandLine(new Main());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler(Main::misused);
    line.setExecutionExceptionHandler((e, command, parsed) -> failed(e));
    return args.length == 0 ? help(line) : line.execute(args);
  }

  private static int help(CommandLine line) {
    line.usage(System.out);
    return ExitCode.CONFIGURATION.value();
  }

  private static int misused(ParameterException e, String[] args) {
    String reason = e.getMessage().replaceAll("[.\\s]+$", "");
    System.err.println(
        "Cannot read the command line: "
            + reason
            + ". See "
            + e.getCommandLine().getCommandSpec().qualifiedName()
            + " --help");
    return ExitCode.CONFIGURATION.value();
  }

  private static int failed(Exception e) throws Exception {
    if (e instanceof SluiceException known) {
      System.err.println(known.getMessage());
      return known.exitCode().value();
    }
    throw e;
  }

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"sluice " + Sdk.version()};
    }
  }
}
