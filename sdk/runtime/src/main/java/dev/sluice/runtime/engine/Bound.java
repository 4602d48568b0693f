package dev.sluice.runtime.engine;

import dev.sluice.model.Interval;
import dev.sluice.model.JobSpec;
import dev.sluice.model.RunKey;
import dev.sluice.model.SluiceException;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.bind.Settings;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A request whose texts have become values. */
record Bound(Job job, JobSpec spec, Settings settings, Optional<Interval> interval, RunKey key) {

  static Bound of(RunRequest request, Job job) {
    JobSpec spec = job.spec();
    if (spec.perInterval() && request.interval().isEmpty()) {
      throw SluiceException.config(
          "Cannot run %s: it stands for an interval, and none is given. Add --interval START/END",
          spec.name());
    }
    if (!spec.perInterval() && request.interval().isPresent()) {
      throw SluiceException.config(
          "Cannot run %s: an interval is given, and the job has none. Leave out --interval, or"
              + " declare the job perInterval()",
          spec.name());
    }
    Bound bound = ofAnyInterval(request, job);
    bound.settings().job(); // a missing or malformed value is to be named before anything starts
    return bound;
  }

  /** The same for questions about all runs of a job, which need neither interval nor settings. */
  static Bound ofAnyInterval(RunRequest request, Job job) {
    JobSpec spec = job.spec();
    Settings settings =
        Settings.collect(
            spec.settings(),
            request.file(),
            request.profile(),
            request.environment(),
            request.sets());
    RunKey key = new RunKey(spec.name(), spec.target().name(), request.interval());
    return new Bound(job, spec, settings, request.interval(), key);
  }

  /** The address of files with its placeholders filled in, none of which leads elsewhere. */
  String address(String template) {
    return settings.address(template, extra());
  }

  /** A text of the spec with its placeholders filled in. */
  String fill(String text) {
    return settings.fill(text, extra());
  }

  private Map<String, String> extra() {
    Map<String, String> extra = new TreeMap<>();
    interval.ifPresent(
        i -> {
          extra.put("interval.start", i.start().toString());
          extra.put("interval.end", i.end().toString());
        });
    return extra;
  }
}
