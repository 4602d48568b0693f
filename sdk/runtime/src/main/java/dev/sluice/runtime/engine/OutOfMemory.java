package dev.sluice.runtime.engine;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.ExitCode;
import dev.sluice.model.Receipt;
import dev.sluice.model.SluiceException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.apache.spark.network.util.JavaUtils;

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

  /** Among them Spark's refusal to start in a heap that is too small for it. */
  static boolean isAmong(List<Throwable> chain) {
    return chain.stream()
        .anyMatch(
            link -> {
              String message = Optional.ofNullable(link.getMessage()).orElse("");
              return link instanceof OutOfMemoryError
                  || link.getClass().getSimpleName().equals("SparkOutOfMemoryError")
                  || message.contains("OutOfMemoryError")
                  || message.contains("INVALID_DRIVER_MEMORY")
                  || KILLED.matcher(message).find();
            });
  }

  /**
   * The failure for people.
   *
   * @param spark the settings of the run's Spark, while it has one
   */
  static SluiceException of(
      List<Throwable> chain, String job, Phase phase, Optional<SparkConf> spark) {
    String said =
        chain.stream()
            .map(link -> Optional.ofNullable(link.getMessage()).orElse(""))
            .collect(Collectors.joining("\n"));
    String stage = first(STAGE, said).map(number -> ", in stage " + number).orElse("");
    String reason =
        first(EXECUTOR, said)
            .flatMap(number -> spark.map(conf -> ofExecutor(number, conf, stage)))
            .orElseGet(() -> ofThisProcess(stage));
    return new SluiceException(
        ErrorKind.INFRA,
        ExitCode.MEMORY,
        String.format("Cannot %s %s: out of memory (%s", phase.word(), job, reason),
        chain.get(0));
  }

  private static String ofThisProcess(String stage) {
    Receipt.Memory memory = MemoryFacts.now();
    long limit = memory.limitBytes().orElse(memory.heapMaxBytes());
    return String.format(
        "%s%s heap%s). Give the job more memory in its resources, such as %s",
        memory.limitBytes().map(bytes -> mib(bytes) + " memory limit, ").orElse(""),
        mib(memory.heapMaxBytes()),
        stage,
        more(limit));
  }

  private static String ofExecutor(String number, SparkConf conf, String stage) {
    long heap = JavaUtils.byteStringAsBytes(conf.get("spark.executor.memory", "1g"));
    long overhead = JavaUtils.byteStringAsBytes(conf.get("spark.executor.memoryOverhead", "0"));
    return String.format(
        "executor %s: %s memory limit, %s heap, %s for all else%s). Give executors more memory in the"
            + " job's resources, such as %s",
        number, mib(heap + overhead), mib(heap), mib(overhead), stage, more(heap + overhead));
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
