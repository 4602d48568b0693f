package dev.sluice.model;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run did, as a fact that others can check.
 *
 * <p>The long form lies beside the table. The short form ({@link #brief()}) is at most 4 KiB of
 * JSON and travels in the container's termination message. JSON Schema: {@code
 * receipt.schema.json}.
 *
 * @param receiptVersion version of this form
 * @param sdkVersion version of the SDK that ran
 * @param job the job's name
 * @param runToken what the launcher gave to recognise its run by
 * @param runId names this attempt
 * @param runKey names the work; the same for every attempt at it
 * @param status how far the run has come, or how it ended
 * @param phase the phase that it is in, or ended in
 * @param exitCode the process's exit code; absent while running
 * @param interval the interval that the run stands for
 * @param range what became of the parts of that interval, where each is a run of its own
 * @param target what was written
 * @param rows what became of the rows
 * @param quality what the suite said
 * @param inputs what was read, pinned
 * @param lineage what the datasets are, and which columns are made of which
 * @param joins how the job's joins were done, and why
 * @param parent the run that has started this one, where OpenLineage knows it
 * @param maintenance what a run that maintains a table has done, step by step
 * @param registered what a run that registers a table has changed in the catalog, one line each
 * @param memory the container's limit and the heap's size and use
 * @param resources what it has used of machines, where a task has run
 * @param timings when and how long
 * @param warnings what people should look at, though the run itself is fine
 * @param error why it failed
 * @param settings the settings in force, secrets hidden
 * @param spark the application of Spark that did the work; absent where it took none
 * @param receiptUri where the long form lies
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Receipt(
    String receiptVersion,
    String sdkVersion,
    String job,
    Optional<String> runToken,
    String runId,
    String runKey,
    Status status,
    String phase,
    Optional<Integer> exitCode,
    Optional<Interval> interval,
    Optional<Range> range,
    Optional<TargetFacts> target,
    Optional<Rows> rows,
    Optional<Quality> quality,
    Optional<List<Input>> inputs,
    Optional<Lineage> lineage,
    Optional<List<Join>> joins,
    Optional<ParentRun> parent,
    Optional<List<MaintenanceStep>> maintenance,
    Optional<List<String>> registered,
    Memory memory,
    Optional<ResourceUsage> resources,
    Timings timings,
    Optional<List<String>> warnings,
    Optional<Failure> error,
    Optional<Map<String, String>> settings,
    Optional<SparkFacts> spark,
    Optional<String> receiptUri) {

  /** The version of the form that this SDK writes. */
  public static final String VERSION = "1.0";

  /** The most bytes that a container's termination message holds. */
  public static final int BRIEF_BYTES = 4096;

  /** How far a run has come, or how it ended. */
  public enum Status {
    /** Not ended, or killed before it could say more. */
    RUNNING,
    /** Published. */
    COMMITTED,
    /** An earlier run with the same run key has published; nothing was changed. */
    ALREADY_COMMITTED,
    /** The gate's policy refused; nothing was published. */
    REFUSED,
    /** Ended by an error; nothing was published. */
    FAILED,
    /** Asked to stop; nothing was published. */
    CANCELLED,
    /** The commit may or may not have happened. */
    UNKNOWN;

    /** Whether the rows are published, by this run or an earlier one. */
    public boolean isPublished() {
      return this == COMMITTED || this == ALREADY_COMMITTED;
    }

    /** Whether the run has gone to its end, and its rows are not published for certain. */
    public boolean isFailure() {
      return this == REFUSED || this == FAILED || this == UNKNOWN;
    }
  }

  /**
   * What became of the parts of an interval, each of which is a run with a receipt of its own.
   *
   * @param each what a part is: hour, day, month or year
   * @param parts how many there are
   * @param committed how many this process has published
   * @param alreadyCommitted how many were published before
   * @param failed how many have failed
   * @param notRun how many have no outcome: not begun, or stopped on their way
   * @param running the part that is on its way
   * @param runs the parts, oldest first; in the short form the first that have failed
   */
  public record Range(
      String each,
      int parts,
      int committed,
      int alreadyCommitted,
      int failed,
      int notRun,
      Optional<Interval> running,
      List<Part> runs) {
    /** Whether the rows of all parts are published. */
    @JsonIgnore
    public boolean isPublished() {
      return committed + alreadyCommitted == parts;
    }
  }

  /**
   * One part of a range. Of one that was not begun there is only the interval.
   *
   * @param runId names its run
   * @param status how it ended
   * @param exitCode how it would have ended a process of its own
   * @param rows what became of its rows
   * @param totalMs how long it took
   * @param receiptUri where its receipt lies
   * @param error the first line of why it failed
   */
  public record Part(
      Interval interval,
      Optional<String> runId,
      Optional<Status> status,
      Optional<Integer> exitCode,
      Optional<Rows> rows,
      Optional<Long> totalMs,
      Optional<String> receiptUri,
      Optional<String> error) {
    /** One that was not begun. */
    public static Part notRun(Interval interval) {
      return new Part(
          interval,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
    }

    /** Whether it has an outcome, and that is not its rows in the target. */
    @JsonIgnore
    public boolean isFailed() {
      return status.filter(Status::isFailure).isPresent();
    }
  }

  /**
   * What was written.
   *
   * @param kind table or sink
   * @param name its name
   * @param uri where it is, without secrets
   * @param snapshotId what was published, where the format names it
   * @param files how many files hold the run's rows, where it wrote files
   * @param bytes their size
   */
  public record TargetFacts(
      String kind,
      String name,
      String uri,
      Optional<String> snapshotId,
      Optional<Long> files,
      Optional<Long> bytes) {}

  /** What became of the rows; {@code read = written + quarantined + filtered}. */
  public record Rows(long read, long written, long quarantined, long filtered) {
    /** These and others. */
    public Rows plus(Rows others) {
      return new Rows(
          read + others.read,
          written + others.written,
          quarantined + others.quarantined,
          filtered + others.filtered);
    }

    /** Whether every row that was read is accounted for. */
    public boolean balanced() {
      return read == written + quarantined + filtered;
    }
  }

  /** What the suite said and what the gate made of it. */
  public record Quality(
      String suite,
      boolean success,
      String decision,
      Optional<String> rule,
      int evaluated,
      int unsuccessful,
      List<FailedExpectation> failed,
      Optional<String> pageUri,
      Optional<Object> validation) {}

  /** One expectation that does not hold. */
  public record FailedExpectation(String id, String type, long unexpected) {}

  /** One thing that was read, pinned to what it held. */
  public record Input(
      String name,
      String uri,
      Optional<String> snapshotId,
      Optional<List<PinnedFile>> files,
      Optional<Long> rows) {}

  /**
   * A file as it was when the run read it.
   *
   * @param uri where it is
   * @param bytes its size
   * @param modified when it was last written
   * @param etag what the object store calls this content, where it does
   */
  public record PinnedFile(String uri, long bytes, Instant modified, Optional<String> etag) {}

  /**
   * How one join was done.
   *
   * @param on the columns
   * @param kind inner, left, right, full, semi or anti
   * @param strategy plain, broadcast, split or salted
   * @param reason why
   * @param hotKeys how many keys had their rows spread or joined without a shuffle, where it was
   *     not all of them
   * @param largestShare the share of its side's rows that the hottest key has, about, where it was
   *     looked for
   */
  public record Join(
      List<String> on,
      String kind,
      String strategy,
      String reason,
      Optional<Integer> hotKeys,
      Optional<Double> largestShare) {}

  /**
   * What one step of maintenance has taken away, and what it has put in its place.
   *
   * @param table the table, where it is not the maintained one but one that is kept beside it
   */
  public record MaintenanceStep(
      String step,
      Optional<String> table,
      long filesRemoved,
      long bytesRemoved,
      long filesWritten,
      long bytesWritten,
      long snapshotsRemoved,
      long rowsRemoved) {
    /** A step that had nothing to do. */
    public static MaintenanceStep nothing(Maintenance step) {
      return removed(step, 0, 0);
    }

    /** Files that are gone. */
    public static MaintenanceStep removed(Maintenance step, long files, long bytes) {
      return new MaintenanceStep(step.step(), Optional.empty(), files, bytes, 0, 0, 0, 0);
    }

    /** Files that others stand for. */
    public static MaintenanceStep rewritten(
        Maintenance step, long files, long bytes, long written, long writtenBytes) {
      return new MaintenanceStep(
          step.step(), Optional.empty(), files, bytes, written, writtenBytes, 0, 0);
    }

    /** Snapshots that are gone, and the files that only they held. */
    public static MaintenanceStep expired(
        Maintenance step, long snapshots, long files, long bytes) {
      return new MaintenanceStep(step.step(), Optional.empty(), files, bytes, 0, 0, snapshots, 0);
    }

    /** Rows that are gone, and the files that held them. */
    public static MaintenanceStep dropped(Maintenance step, long files, long bytes, long rows) {
      return new MaintenanceStep(step.step(), Optional.empty(), files, bytes, 0, 0, 0, rows);
    }

    /** The same of a table that is kept beside the maintained one. */
    public MaintenanceStep of(Table companion) {
      return new MaintenanceStep(
          step,
          Optional.of(companion.name()),
          filesRemoved,
          bytesRemoved,
          filesWritten,
          bytesWritten,
          snapshotsRemoved,
          rowsRemoved);
    }

    /** Whether there was nothing to do. */
    @JsonIgnore
    public boolean isNothing() {
      return filesRemoved + filesWritten + snapshotsRemoved + rowsRemoved == 0;
    }
  }

  /** Memory in bytes. */
  public record Memory(Optional<Long> limitBytes, long heapMaxBytes, long heapUsedBytes) {}

  /** When and how long. */
  public record Timings(
      Instant jvmStartedAt,
      Instant startedAt,
      Optional<Instant> finishedAt,
      Optional<Long> totalMs,
      Optional<Map<String, Long>> phasesMs) {}

  /** Why a run failed; {@code stack} holds the job's own frames. */
  public record Failure(
      ErrorKind kind, String phase, String message, boolean retryable, List<String> stack) {}

  /**
   * The application of Spark that did a run's work.
   *
   * @param applicationId what Spark's history calls it
   * @param eventLog where its event log lies, where one is kept
   */
  public record SparkFacts(String applicationId, Optional<String> eventLog) {}

  /** Reads a receipt back from its JSON; empty where it is none. */
  public static Optional<Receipt> parse(String json) {
    try {
      return Optional.ofNullable(Json.mapper().readValue(json, Receipt.class));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** The short form as one line of JSON of at most {@value #BRIEF_BYTES} bytes. */
  public String brief() {
    return ReceiptText.brief(this);
  }

  /** The long form as JSON. */
  public String full() {
    return Json.pretty(this);
  }
}
