package dev.sluice.runtime.engine;

import dev.sluice.model.ExitCode;
import dev.sluice.model.Maintenance;
import dev.sluice.model.Receipt;
import dev.sluice.model.Receipt.MaintenanceStep;
import dev.sluice.model.Receipt.Status;
import dev.sluice.model.RunKey;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.runtime.bind.Settings;
import dev.sluice.runtime.lake.Companion;
import dev.sluice.runtime.lake.Lake;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A run that keeps a table in order, as its declaration says: a run like others, with a run key, a
 * receipt and a line in the audit log.
 *
 * <p>Each step is safe beside writers, and may be killed: the next run finds what is left to do.
 */
public final class MaintenanceRun {
  /** What makes files superfluous comes before what removes them. */
  private static final List<String> ORDER =
      List.of("drop-old", "compact", "statistics", "tier", "expire-snapshots", "remove-orphans");

  private final RunRequest request;
  private final Jobs.Written written;
  private final Table table;
  private final Progress progress;
  private final Stop stop;
  private final ReceiptBook book;
  private final Observers observers;
  private final Ending ending;

  /** A run for the table that its request is about, see {@link #name}. */
  public MaintenanceRun(RunRequest request, Jobs.Written written, Progress progress, Stop stop) {
    this.request = request;
    this.written = written;
    this.table = written.table();
    this.progress = progress;
    this.stop = stop;
    this.book = new ReceiptBook(request.job(), request.environment());
    this.observers = new Observers(request);
    this.ending = new Ending(book, request, stop, observers);
  }

  /** What a table's maintenance is called where jobs have their names; no job can be called so. */
  public static String name(Table table) {
    return "maintain." + table.name();
  }

  /** What a run would do now; changes nothing. */
  public static List<MaintenanceStep> plan(RunRequest request, Jobs.Written written) {
    Settings settings = settings(request, written);
    try (Lake lake = Lake.open(settings.lake())) {
      return work(lake, written.table()).stream()
          .map(work -> work.told(lake.chore(work.table(), work.step()).plan()))
          .toList();
    }
  }

  /** Does what is to be done and answers its receipt, whatever happens; never throws. */
  public Receipt run() {
    Optional<Lake> lake = Optional.empty();
    try {
      enter(Phase.BIND);
      Settings settings = settings(request, written);
      RunKey key = new RunKey(request.job(), table.name(), request.interval());
      book.bound(key, request.interval(), settings.shown());
      observers.begin(settings.lake());
      lake = Optional.of(Lake.open(settings.lake()));
      lake.get().logEvents(book.runId());
      book.spark(lake.get()::sparkFacts);
      book.place(ReceiptBook.folder(lake.get(), request.job()) + "/" + book.runId() + ".json");
      book.target("table", table.name(), lake.get().location(table), Optional.empty());
      return ending.report(maintained(lake.get()), lake);
    } catch (Throwable e) {
      return ending.report(ending.failed(e, MaintenanceRun.class.getName()), lake);
    } finally {
      lake.ifPresent(Lake::close);
    }
  }

  private Receipt maintained(Lake lake) {
    enter(Phase.PLAN);
    List<Work> work = work(lake, table);
    stop.attach(lake.spark());
    progress.watch(lake.spark());
    ending.watch(lake);
    observers.watch(lake.spark());
    enter(Phase.PUBLISH);
    List<MaintenanceStep> done = new ArrayList<>();
    for (Work next : work) {
      stop.check();
      done.add(next.told(lake.chore(next.table(), next.step()).run(book.runId())));
      book.maintenance(done); // also of one that fails at the next
    }
    enter(Phase.REPORT);
    boolean nothing = done.stream().allMatch(MaintenanceStep::isNothing);
    return book.ended(
        nothing ? Status.ALREADY_COMMITTED : Status.COMMITTED,
        ExitCode.COMMITTED.value(),
        Optional.empty());
  }

  /** A step of the table, or of one that is kept beside it. */
  private record Work(Table table, Maintenance step, boolean beside) {
    MaintenanceStep told(MaintenanceStep done) {
      return beside ? done.of(table) : done;
    }
  }

  /** The declared steps, then those of its companions, each one safe and possible. */
  private static List<Work> work(Lake lake, Table table) {
    requireMaintained(lake, table);
    List<Work> work = new ArrayList<>(inOrder(table, table.maintenance(), false));
    for (Companion companion : lake.companions(table)) {
      work.addAll(inOrder(companion.table(), companion.steps(), true));
    }
    for (Work each : work) {
      requireOlder(each.table(), each.step(), lake.config().lakeLongestRun());
      lake.chore(each.table(), each.step()); // what cannot be done is refused before anything is
    }
    return work;
  }

  /** In the order of their effects. */
  private static List<Work> inOrder(Table table, List<Maintenance> steps, boolean beside) {
    return steps.stream()
        .sorted(Comparator.comparing(step -> ORDER.indexOf(step.step())))
        .map(step -> new Work(table, step, beside))
        .toList();
  }

  private static void requireMaintained(Lake lake, Table table) {
    if (table.maintenance().isEmpty()) {
      throw SluiceException.config(
          "Cannot maintain %s: its declaration has no maintenance. Add .maintenance(…) to it",
          table.name());
    }
    Duration longest = lake.config().lakeLongestRun();
    if (longest.compareTo(Maintenance.YOUNGEST) < 0) {
      throw SluiceException.config(
          "Cannot use %s as lake.longest-run: maintenance would touch what a run or a reader may"
              + " still need. Give PT24H or more",
          longest);
    }
  }

  private static void requireOlder(Table table, Maintenance step, Duration longest) {
    step.guard()
        .filter(age -> age.compareTo(longest) < 0)
        .ifPresent(
            age -> {
              throw SluiceException.config(
                  "Cannot maintain %s with %s after %s: a run or a reader may take %s, and need what"
                      + " is removed. Declare that time or more, or lower lake.longest-run if none"
                      + " takes so long",
                  table.name(), step.step(), age, longest);
            });
  }

  private static Settings settings(RunRequest request, Jobs.Written written) {
    return Settings.collect(
        written.settings(),
        request.file(),
        request.profile(),
        request.environment(),
        request.sets());
  }

  private void enter(Phase phase) {
    observers.entered(book.enter(phase));
    progress.enter(phase);
    stop.check();
  }
}
