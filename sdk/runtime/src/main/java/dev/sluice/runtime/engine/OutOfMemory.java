package dev.sluice.runtime.engine;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.ExitCode;
import dev.sluice.model.Receipt;
import dev.sluice.model.SluiceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;

/** A run that needs more memory than it was given: whose memory it was, and how much would do. */
final class OutOfMemory {
  private static final Pattern EXECUTOR = Pattern.compile("executor (?:with id )?(\\d+)");
  private static final Pattern STAGE = Pattern.compile("\\bstage (\\d+)");

  /**
   * How Spark tells of an executor whose container the kernel has killed, or whose heap was full.
   */
  private static final Pattern KILLED =
      Pattern.compile("possible container OOM|exited with exit code (?:137|52)\\b");

  /** What is proposed is so much more. */
  private static final double MORE = 1.5;

  private OutOfMemory() {}

  /**
   * Where a task was that ran out of memory.
   *
   * @param stage the number and the name of its stage
   * @param executor the number of its executor; empty where it was in the run's own process
   * @param heapPeakBytes what that executor's heap has held at most, where it was seen
   */
  record Place(String stage, Optional<String> executor, Optional<Long> heapPeakBytes) {}

  /** Among them Spark's refusal to start in a heap that is too small for it. */
  static boolean isAmong(List<Throwable> chain) {
    return chain.stream()
        .anyMatch(
            link ->
                link instanceof OutOfMemoryError
                    || link.getClass().getSimpleName().equals("SparkOutOfMemoryError")
                    || isToldBy(Optional.ofNullable(link.getMessage()).orElse("")));
  }

  /** Whether Spark means that when it says so. */
  static boolean isToldBy(String message) {
    return message.contains("OutOfMemoryError")
        || message.contains("INVALID_DRIVER_MEMORY")
        || KILLED.matcher(message).find();
  }

  /**
   * The failure for people.
   *
   * @param place where the task was that ran out, where it was a task: what Spark throws need not
   *     say so
   * @param spark the settings of the run's Spark, while it has one
   */
  static SluiceException of(
      List<Throwable> chain,
      String job,
      Phase phase,
      Optional<Place> place,
      Optional<SparkConf> spark) {
    String said =
        chain.stream()
            .map(link -> Optional.ofNullable(link.getMessage()).orElse(""))
            .collect(Collectors.joining("\n"));
    Optional<String> stage = place.map(Place::stage).or(() -> first(STAGE, said));
    Optional<Long> heapPeak = place.flatMap(Place::heapPeakBytes);
    String reason =
        first(EXECUTOR, said)
            .or(() -> place.flatMap(Place::executor))
            .flatMap(number -> spark.map(conf -> ofExecutor(number, conf, heapPeak, stage)))
            .orElseGet(() -> ofThisProcess(stage));
    return new SluiceException(
        ErrorKind.INFRA,
        ExitCode.MEMORY,
        String.format("Cannot %s %s: out of memory (%s", phase.word(), job, reason),
        chain.get(0));
  }

  private static String ofThisProcess(Optional<String> stage) {
    Receipt.Memory memory = MemoryFacts.now();
    long heap = memory.heapMaxBytes();
    List<String> facts = new ArrayList<>();
    memory.limitBytes().ifPresent(limit -> facts.add(mib(limit) + " memory limit"));
    facts.add(mib(heap) + " heap");
    memory.limitBytes().ifPresent(limit -> facts.add(mib(limit - heap) + " for all else"));
    facts.add(
        "used at most "
            + mib(MemoryFacts.heapPeak())
            + " of heap"
            + MemoryFacts.rssPeak().map(bytes -> " and " + mib(bytes) + " in all").orElse(""));
    stage.ifPresent(which -> facts.add("in stage " + which));
    return String.format(
        "%s). Give the job more memory in its resources, such as %s",
        String.join(", ", facts), more(memory.limitBytes().orElse(heap)));
  }

  private static String ofExecutor(
      String number, SparkConf conf, Optional<Long> heapPeak, Optional<String> stage) {
    ExecutorMemory memory = ExecutorMemory.of(conf);
    List<String> facts = new ArrayList<>();
    facts.add("executor " + number + ": " + mib(memory.limitBytes()) + " memory limit");
    facts.add(mib(memory.heapBytes()) + " heap");
    facts.add(mib(memory.restBytes()) + " for all else");
    heapPeak.ifPresent(bytes -> facts.add("used at most " + mib(bytes) + " of heap"));
    stage.ifPresent(which -> facts.add("in stage " + which));
    return String.format(
        "%s). Give executors more memory in the job's resources, such as %s",
        String.join(", ", facts), more(memory.limitBytes()));
  }

  private static Optional<String> first(Pattern pattern, String text) {
    Matcher found = pattern.matcher(text);
    return found.find() ? Optional.of(found.group(1)) : Optional.empty();
  }

  private static String mib(long bytes) {
    return (bytes >> 20) + " MiB";
  }

  private static String more(long bytes) {
    return (long) ((bytes >> 20) * MORE) + "Mi";
  }
}
