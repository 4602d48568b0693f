package dev.sluice.runtime.engine;

import dev.sluice.model.Interval;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What somebody asks of a job.
 *
 * @param job the job's name
 * @param interval the interval to run for
 * @param sets settings from the command line
 * @param file the job file
 * @param profile the profile
 * @param receipt where to put one more copy of the long receipt: a URI or a path
 * @param inputs where a receipt lies whose pinned inputs are to be read again: a URI or a path
 * @param environment the process's environment
 */
public record RunRequest(
    String job,
    Optional<Interval> interval,
    Map<String, String> sets,
    Optional<Path> file,
    Optional<String> profile,
    Optional<String> receipt,
    Optional<String> inputs,
    Map<String, String> environment) {

  /** The same for a part of the interval; copies of receipts are the whole's. */
  RunRequest ofPart(Interval part) {
    return new RunRequest(
        job,
        Optional.of(part),
        sets,
        file,
        profile,
        Optional.empty(),
        Optional.empty(),
        environment);
  }
}
