package dev.sluice.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A job's pure declaration: what it reads, writes, checks and needs.
 *
 * @param name the job's name, unique in its project: lower case words with hyphens
 * @param kind extract, transform or load
 * @param description one sentence for people
 * @param reads what the job reads, by name; the first is the one whose rows are accounted for
 * @param target where the rows go
 * @param write how they land there
 * @param suite the suite that they must pass, if any
 * @param settings what the job can be told from outside
 * @param resources what a run needs of a machine
 * @param perInterval whether a run stands for an interval of time
 * @param grain whether the job keeps the rows of its first read, or makes rows of its own
 */
public record JobSpec(
    String name,
    JobKind kind,
    String description,
    List<Read> reads,
    Target target,
    Write write,
    Optional<String> suite,
    Class<? extends Record> settings,
    Resources resources,
    boolean perInterval,
    Grain grain) {

  /** One named thing that the job reads. */
  public record Read(String name, Source source) {}

  /** Where the rows go. */
  public sealed interface Target {
    /** The name of the table or sink. */
    String name();
  }

  /** Into a table of the lake. */
  public record IntoTable(Table table) implements Target {
    @Override
    public String name() {
      return table.name();
    }
  }

  /** Into something outside the lake. */
  public record IntoSink(Sink sink) implements Target {
    @Override
    public String name() {
      return sink.name();
    }
  }

  /** What one row of the output stands for, seen from the first read. */
  public enum Grain {
    /**
     * The same thing as a row of the first read: each must come out, be quarantined or filtered.
     */
    KEPT,
    /** Something else, as after an aggregation: rows are accounted for from the gate on. */
    CHANGED
  }

  /** The settings of a job that has none. */
  public record NoSettings() {}

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

  /** Starts the declaration of a job that takes rows from a source into a table. */
  public static Builder extract(String name) {
    return new Builder(name, JobKind.EXTRACT);
  }

  /** Starts the declaration of a job that makes a table out of tables and sources. */
  public static Builder transform(String name) {
    return new Builder(name, JobKind.TRANSFORM);
  }

  /** Starts the declaration of a job that takes rows from a table into a sink. */
  public static Builder load(String name) {
    return new Builder(name, JobKind.LOAD);
  }

  /** The table that the job writes, unless it writes a sink. */
  public Optional<Table> table() {
    return target instanceof IntoTable into ? Optional.of(into.table()) : Optional.empty();
  }

  /** The tables that the job reads, and the one that it writes. */
  public List<Table> tables() {
    List<Table> tables = new ArrayList<>();
    for (Read read : reads) {
      if (read.source() instanceof Source.TableRead from) {
        tables.add(from.table());
      }
    }
    table().ifPresent(tables::add);
    return tables;
  }

  /** That table as the job's rows have it, see {@link Write}. */
  public Optional<Table> rows() {
    return table().map(write::rowsOf);
  }

  /** Collects the parts of a {@link JobSpec}. */
  public static final class Builder {
    private final String name;
    private final JobKind kind;
    private final List<Read> reads = new ArrayList<>();
    private String description = "";
    private Target target;
    private Write write;
    private String suite;
    private Class<? extends Record> settings = NoSettings.class;
    private Resources resources = Resources.standard();
    private boolean perInterval;
    private Grain grain = Grain.KEPT;

    private Builder(String name, JobKind kind) {
      if (!NAME.matcher(name).matches()) {
        throw SluiceException.config(
            "Cannot declare job '%s': names are lower case words with hyphens. Rename it", name);
      }
      this.name = name;
      this.kind = kind;
    }

    /** Says what the job does, in one sentence. */
    public Builder describedAs(String text) {
      description = text;
      return this;
    }

    /** Names the record of the job's settings. */
    public Builder settings(Class<? extends Record> type) {
      settings = type;
      return this;
    }

    /** Adds something to read; names are those of the components of the job's input record. */
    public Builder read(String readName, Source source) {
      reads.add(new Read(readName, source));
      return this;
    }

    /** Names the table to write and how the rows land there; takes over the table's suite. */
    public Builder write(Table table, Write how) {
      target = new IntoTable(table);
      write = how;
      return this;
    }

    /** Names the sink to write and how the rows land there. */
    public Builder write(Sink sink, Write how) {
      target = new IntoSink(sink);
      write = how;
      return this;
    }

    /** Names the suite to pass, where it is another than the table's. */
    public Builder suite(String suiteName) {
      suite = suiteName;
      return this;
    }

    /** Says what a run needs of a machine. */
    public Builder resources(String memory, String cpu) {
      Resources before = resources;
      resources =
          new Resources(memory, cpu, before.scale(), before.executorMemory(), before.executorCpu());
      return this;
    }

    /** Gives a run executors in pods beside its own, each as large as its own. */
    public Builder scale(Scale scale) {
      resources = resources.scaled(scale);
      return this;
    }

    /** Gives a run executors of another size. */
    public Builder scale(Scale scale, String executorMemory, String executorCpu) {
      resources = resources.scaled(scale).withExecutorsOf(executorMemory, executorCpu);
      return this;
    }

    /** Makes every run stand for an interval of time. */
    public Builder perInterval() {
      perInterval = true;
      return this;
    }

    /** Says that an output row is no longer a row of the first read, as after an aggregation. */
    public Builder changesGrain() {
      grain = Grain.CHANGED;
      return this;
    }

    /** Checks the parts and answers the declaration. */
    public JobSpec build() {
      if (reads.isEmpty()) {
        throw incomplete("it reads nothing", "Add .read(name, source)");
      }
      if (target == null) {
        throw incomplete("it writes nothing", "Add .write(target, how)");
      }
      if (kind != JobKind.TRANSFORM && reads.size() != 1) {
        String article = kind == JobKind.EXTRACT ? "an " : "a ";
        throw incomplete(article + kind.word() + " reads one thing", "Use JobSpec.transform");
      }
      if ((kind == JobKind.LOAD) != (target instanceof IntoSink)) {
        throw incomplete(
            "a load writes a sink, an extract or transform a table", "Write the other");
      }
      if (target instanceof IntoTable into) {
        write.require(into.table());
      } else if (target instanceof IntoSink into) {
        write.require(into.sink());
      }
      long names = reads.stream().map(Read::name).distinct().count();
      if (names != reads.size()) {
        throw incomplete("two reads have the same name", "Rename one");
      }
      return new JobSpec(
          name,
          kind,
          description,
          List.copyOf(reads),
          target,
          write,
          Optional.ofNullable(suite).or(this::suiteOfTable),
          settings,
          resources,
          perInterval,
          grain);
    }

    private Optional<String> suiteOfTable() {
      return target instanceof IntoTable into ? into.table().suiteName() : Optional.empty();
    }

    private SluiceException incomplete(String reason, String next) {
      return SluiceException.config("Cannot declare job %s: %s. %s", name, reason, next);
    }
  }
}
