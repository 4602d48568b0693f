package dev.sluice.runtime.engine;

import dev.sluice.model.ExitCode;
import dev.sluice.model.Json;
import dev.sluice.runtime.Job;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A comparison that a launcher may have asked for: it finds what came of it in the termination
 * message.
 */
public final class Verification {
  /** The version of the form. */
  private static final String VERSION = "1.0";

  /** As many lines of such a length as a termination message has room for. */
  private static final int LINES = 15;

  private static final int WIDTH = 200;

  private record Form(
      String verificationVersion,
      String job,
      Optional<String> runToken,
      int exitCode,
      List<String> findings) {}

  private Verification() {}

  /** Does what {@link Runs#verify} does, and leaves its findings in short. */
  public static List<String> verify(RunRequest request, Job job) {
    List<String> findings = Runs.verify(request, job);
    TerminationMessage.write(
        request.environment(), message(request.job(), findings, request.environment()));
    return findings;
  }

  static String message(String job, List<String> findings, Map<String, String> environment) {
    Optional<String> token = Optional.ofNullable(environment.get("SLUICE_RUN_TOKEN"));
    Stream<String> more =
        findings.size() <= LINES
            ? Stream.empty()
            : Stream.of("… and " + (findings.size() - LINES) + " more in the log");
    Stream<String> first = findings.stream().limit(LINES).map(Verification::shortened);
    ExitCode code = findings.isEmpty() ? ExitCode.COMMITTED : ExitCode.GATE_REFUSED;
    List<String> kept = Stream.concat(first, more).toList();
    return Json.line(new Form(VERSION, job, token, code.value(), kept));
  }

  private static String shortened(String line) {
    return line.length() <= WIDTH ? line : line.substring(0, WIDTH) + "…";
  }
}
