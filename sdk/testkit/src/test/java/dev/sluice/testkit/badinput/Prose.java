package dev.sluice.testkit.badinput;

/** What the page of verdicts says beside its tables. */
final class Prose {
  static final String BEFORE =
      """
      # Bad input

      What becomes of input that is not as it should be. The tables are made by `BadInputVerdictTest`, which runs every
      line of them: `-Dgolden.update=true` writes this page anew.

      Three verdicts: *accepted*, with just the values that stand here · *quarantined*: the record goes to the table's
      quarantine with its text (64 KiB of it at most), the others go on, and the run is refused with exit code 4 where
      more records are bad than the suite's limit allows (5 % by default) · *refused*: the run ends with the exit code
      given, names the file, and publishes nothing. Where a source is not the first read of a job, nothing of it is
      quarantined: a lookup with holes would spoil rows that are good, so the run ends with the message shown.

      A file is read as it was when the run pinned it. Its size, time of modification and, on S3, etag stand in the
      receipt; all are compared again before anything is published. A file that was replaced, appended to or removed
      meanwhile ends the run with exit code 75 and its name. A file that arrives meanwhile belongs to the next run.

      """;

  static final String AFTER = "";

  private Prose() {}
}
