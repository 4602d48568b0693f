package dev.sluice.runtime.engine;

import dev.sluice.model.Json;
import dev.sluice.model.Receipt;
import dev.sluice.model.SluiceException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What a plan leaves in the termination message: itself in short, or why there is none. */
final class PlanMessage {
  /** The version of the form. */
  private static final String VERSION = "1.0";

  private record Form(
      String planVersion,
      String job,
      Optional<String> runToken,
      int exitCode,
      Optional<Plan> plan,
      Optional<Receipt.Failure> error) {}

  /** How many lines are kept of what stays as it is and of what changes, and how long they are. */
  private record Cut(int details, int changes, int width) {}

  /** Each cut is made only where the one before it was not enough. */
  private static final List<Cut> CUTS =
      List.of(
          new Cut(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE),
          new Cut(12, Integer.MAX_VALUE, Integer.MAX_VALUE),
          new Cut(0, 40, 200),
          new Cut(0, 10, 100),
          new Cut(0, 3, 80));

  private static final int ERROR_WIDTH = 1500;

  private PlanMessage() {}

  static String of(Plan plan, Map<String, String> environment) {
    String text = "";
    for (Cut cut : CUTS) {
      Plan kept = shortened(plan, cut);
      text = text(plan.job(), environment, 0, Optional.of(kept), Optional.empty());
      if (text.getBytes(StandardCharsets.UTF_8).length <= Receipt.BRIEF_BYTES) {
        break;
      }
    }
    return text;
  }

  static String of(SluiceException e, String job, Map<String, String> environment) {
    String message = shortened(e.getMessage(), ERROR_WIDTH);
    Receipt.Failure error =
        new Receipt.Failure(e.kind(), Phase.PLAN.word(), message, e.retryable(), List.of());
    return text(job, environment, e.exitCode().value(), Optional.empty(), Optional.of(error));
  }

  private static String text(
      String job,
      Map<String, String> environment,
      int exitCode,
      Optional<Plan> plan,
      Optional<Receipt.Failure> error) {
    Optional<String> token = Optional.ofNullable(environment.get("SLUICE_RUN_TOKEN"));
    return Json.line(new Form(VERSION, job, token, exitCode, plan, error));
  }

  private static Plan shortened(Plan plan, Cut cut) {
    return new Plan(
        plan.job(),
        plan.runKey(),
        plan.alreadyCommitted(),
        shortened(plan.destructive(), cut.changes(), cut.width()),
        shortened(plan.reads(), cut.details(), cut.width()),
        shortened(plan.write(), cut.width()),
        shortened(plan.joins(), cut.details(), cut.width()),
        shortened(plan.columns(), cut.details(), cut.width()),
        shortened(plan.checks(), cut.details(), cut.width()),
        shortened(plan.register(), cut.changes(), cut.width()),
        shortened(plan.warnings(), cut.changes(), cut.width()),
        shortened(plan.notChecked(), cut.details(), cut.width()));
  }

  private static List<String> shortened(List<String> lines, int most, int width) {
    Stream<String> kept = lines.stream().limit(most).map(line -> shortened(line, width));
    int left = lines.size() - most;
    return left <= 0
        ? kept.toList()
        : Stream.concat(kept, Stream.of("… and " + left + " more in the log")).toList();
  }

  private static String shortened(String line, int width) {
    if (line.length() <= width) {
      return line;
    }
    // Half of a surrogate pair is no character: what follows it could not be encoded.
    int end = Character.isHighSurrogate(line.charAt(width - 1)) ? width - 1 : width;
    return line.substring(0, end) + "…";
  }
}
