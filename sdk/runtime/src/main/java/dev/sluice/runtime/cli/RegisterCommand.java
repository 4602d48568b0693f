package dev.sluice.runtime.cli;

import dev.sluice.model.Interval;
import dev.sluice.model.Receipt;
import dev.sluice.model.SluiceException;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.engine.Jobs;
import dev.sluice.runtime.engine.Progress;
import dev.sluice.runtime.engine.RegistrationRun;
import dev.sluice.runtime.engine.RunRequest;
import dev.sluice.runtime.engine.Stop;
import dev.sluice.runtime.lake.Lake;
import dev.sluice.runtime.lake.LakeTables;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings the catalog in line with a job's table. */
@Command(
    name = "register",
    description = {
      "Brings the catalog in line with the declaration of a job's table, and prints",
      "what it has changed; idempotent. Leaves a receipt like any run. Only a sink",
      "needs the job's interval."
    },
    mixinStandardHelpOptions = true)
final class RegisterCommand implements Callable<Integer> {
  @Parameters(arity = "0..1", paramLabel = "JOB", description = "The job's name; 'list' shows all.")
  private String name;

  @Option(
      names = "--import",
      paramLabel = "TABLE",
      description =
          "Takes over a table that others have made. Where no job of this image writes it: prints"
              + " the declaration that matches it, and changes nothing.")
  private String table;

  @Option(
      names = "--interval",
      paramLabel = "START/END",
      description = "The interval of a job that loads a sink.")
  private String interval;

  @Mixin private Configured configured;

  @Option(names = "--plan", description = "Shows what would be changed, and changes nothing.")
  private boolean plan;

  @Option(
      names = "--receipt",
      paramLabel = "URI",
      description = "Puts one more copy of the receipt here: a path or a URI.")
  private String receipt;

  @Option(names = "--json", description = "Prints the receipt as JSON instead of the changes.")
  private boolean json;

  @Override
  public Integer call() {
    if ((name == null) == (table == null)) {
      throw SluiceException.config(
          "Cannot register: name either a job, or a table with --import. See sluice register --help");
    }
    return table == null
        ? register(Jobs.installed().get(name))
        : Jobs.installed().writing(table).map(this::register).orElseGet(this::declare);
  }

  private int declare() {
    try (Lake lake = Lake.open(configured.lake())) {
      System.out.println(JavaText.of(new LakeTables(lake).declaration(table)));
    }
    return 0;
  }

  private int register(Job job) {
    RunRequest request = request(job);
    if (plan) {
      System.out.println(text(RegistrationRun.plan(request, job)));
      return 0;
    }
    Stop stop = new Stop();
    RunCommand.onSignal(stop::ask);
    Receipt done;
    try (Progress progress = RunCommand.progress(RegistrationRun.name(job))) {
      done = new RegistrationRun(request, job, progress, stop).run();
    }
    if (json) {
      System.out.print(done.full());
    } else {
      done.registered().ifPresent(changes -> System.out.println(text(changes)));
    }
    System.err.println(RunCommand.summary(done));
    return done.exitCode().orElseThrow();
  }

  private RunRequest request(Job job) {
    return new RunRequest(
        job.spec().name(),
        Optional.ofNullable(interval).map(Interval::parse),
        configured.sets(),
        configured.file(),
        configured.profile(),
        Optional.ofNullable(receipt),
        Optional.empty(),
        System.getenv());
  }

  private String text(List<String> changes) {
    String nothing = table == null ? "no change" : "already registered";
    return changes.isEmpty() ? nothing : String.join("\n", changes);
  }
}
