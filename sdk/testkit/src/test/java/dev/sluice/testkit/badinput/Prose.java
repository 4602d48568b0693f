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

  static final String AFTER =
      """

      ## Files that are broken in one place

      `CorruptFileTest` cuts small files at one byte after another, and turns bits over in each: the rows come back to
      the letter, or the run is refused with exit code 4 (3 where it is a column's name or type that suffers), and the
      message names the file. No option and no setting of the session makes a broken file be skipped.

      | file | what is checked | what cannot be seen |
      |---|---|---|
      | gzip | the checksum of each member, whatever follows a member | – |
      | zstd | the checksum of each frame | a changed value, where the writer left the checksum out |
      | parquet | the checksum of each page; that the footer's counts, sizes and places agree | a changed value, where the writer left the checksums out |
      | orc | that the footer's counts and places agree, and no dictionary claims more words than rows | a changed value: the format has no checksums. Rows are never missing; a reader that would compute for minutes is given up after 10 s |
      | avro | block by block, by marks and counts; that it ends with such a mark; the checksum of each block of the codec snappy | a changed value under other codecs; a file that ends just between two blocks looks like a shorter one |

      ## What is around the files

      | input | verdict |
      |---|---|
      | `../`, `..\\`, `%2F`, `%2E`, `%5C`, `%00`, `%25` or a control character in a setting that is part of an address | refused, exit code 2, names the setting |
      | a setting within an address that begins one of its own: `/etc`, `s3://other/` | refused, exit code 2, names the setting |
      | an address that is neither a path nor `file:`, `s3:`, `s3a:` | refused, exit code 2 |
      | `../` in a partition's value | accepted: written into the folder's name escaped, read back to the letter |
      | a property of a JDBC address that is not on the list of its kind of database | refused, exit code 2, names the property and no value |
      | a JDBC address of another form or kind: parentheses, `%` in the database's name, `:resource:`, `jdbc:h2:` | refused, exit code 2 |
      | a job file of more than 1 MiB, not UTF-8, with a key twice or a broken escape | refused, exit code 2, names the file |
      | YAML: tags, aliases, nesting | never parsed: a job file is `key = value` lines, and `&a [*b]` is a text like another |
      | a suite with a key twice, or with something behind its end | refused, exit code 2, with the place |
      """;

  private Prose() {}
}
