package dev.sluice.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page that users read says what the code does. */
class FormatDocsTest {
  private static final Path PAGE = Path.of("../../docs/formats.md");

  @Test
  void thePageIsUpToDate() throws IOException {
    String page = page();
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(PAGE, page);
    }

    assertThat(Files.readString(PAGE))
        .as("%s; run with -Dgolden.update=true and read the difference", PAGE)
        .isEqualTo(page);
  }

  private static String page() {
    return String.format(
        """
        # Table formats

        `Table.iceberg(name)`, `Table.delta(name)`, `Table.parquet(name)`, `Table.orc(name)`, `Table.avro(name)`.
        Delta needs the dependency `sluice-connect-delta`; the others are always there. This page is made by
        `FormatDocsTest` from the capabilities that each format declares: `-Dgolden.update=true` writes it anew.
        `TableContract` of the testkit holds every format to them: it asserts what a format can do, and that it
        refuses the rest when the run is planned, with the formats that can.

        | a table can | %s | jdbc |
        |---|%s---|
        %s

        ## What is promised

        Iceberg: a run's rows and its entry in the ledger become visible in one commit, or not at all. Rows that
        change others by their key (`Write.upsert()`, `applyChanges(…)`, `history(…)`) are merged into what is there at
        the commit; where another writer was faster, the merge is done again. A null in a key is a value like any other.
        Tables are of version 2 of the specification; `formatVersion(3)` makes one of version 3, and lifts one of 2.

        Delta: likewise. A run is a transaction in the table's log, named after its run key, which the log keeps for
        ever and lets happen once; what the run wrote is noted in its commit. Commits are kept for 400 days
        (`delta.logRetentionDuration`): a run that is repeated later is refused, not done twice. Of two runs that
        replace the same partition at once one ends in a conflict; appends never do; a merge that meets another
        write is done again on what is there then. On `s3:` all this holds for one writer at a time, since Delta's
        log has no lock there: such tables are refused unless `lake.delta.single-writer` says that you see to it.
        The catalog knows a Delta table's columns and place, and its log everything else.

        Parquet, ORC and Avro: a run writes files into a fresh folder of its own, below the partition's folder;
        nothing is overwritten, moved or deleted. Publishing points the catalog's partitions to the new folders and
        notes the run key in the table's parameters, last of all. In the embedded catalog that is one transaction.
        In Glue and Hive it is atomic for each partition, not across them: a run that dies in between has switched
        some of its partitions, and running it again switches the rest; two runs that publish into one table at
        once are not refused. A table without partitions is switched in the same call that notes the run key.
        Rows cannot be added to a partition, since its files would have to lie in several folders.

        ## Partitions

        `partitionedBy("region")` splits a table by the values of columns; `partitionedBy(Partition.day("at"),
        Partition.bucket(16, "id"))` by what is made of them: year, month, day, hour (in UTC), bucket, truncate, as
        Iceberg's specification defines them. In Iceberg such partitions are hidden: readers filter by `at`, and skip
        files. In tables of files they are columns of the catalog's own, called `at_day`, `id_bucket`, `name_trunc`;
        Sluice leaves them out when it reads, other engines skip files where a query names them. Rows are brought
        together before they are written: one file for each partition, unless it is large. A row whose value is null
        has a partition of its own. Partitions that differ from those of the table are refused.

        How columns change stands in [evolution](evolution.md).

        ## Databases

        `Sink.jdbc(address, name)`, written by a `Load`; the name may have a schema. PostgreSQL and SQLite take all that
        the table above says; MariaDB takes no rows that change others by their key, and is refused when the run is planned.
        What is peculiar to tables of the lake is not asked of databases: folders and files, a quarantine, replays,
        reading back what was staged.

        A run writes into a staging table of its own, beside the table. When the gate has let the rows pass, one
        transaction notes the run key in `sluice_ledger`, where only one run can have it, locks the table for other
        writers (PostgreSQL: SHARE ROW EXCLUSIVE; SQLite has one writer at a time), takes the rows over and commits.
        Readers go on meanwhile. Merges follow the rules of Iceberg tables; columns that the job does not know keep their
        values. The key needs no constraint; where it has few rows to change in a large table, an index on it helps.

        A commit whose answer is lost is settled by noting the run key once more, which waits for the server to have
        ended the first transaction. Where the server cannot be asked, the run ends UNKNOWN (exit code 5) and removes
        nothing; `sluice reconcile` or the next run with its key tells what has become of it.

        Staging tables are named `sluice_staging_KEY_RUN`, KEY a hash of the run key. A run that has published, or finds
        its work published, removes those of its KEY: no attempt at that work can publish any more. One that dies and
        is never run again leaves its staging table; nobody removes it but you.

        A table that is missing is made, and columns that are missing are added. A column of another kind of type is
        refused. Comments are kept by PostgreSQL. Instants are `timestamp with time zone`. SQLite holds times as text in
        UTC, and refuses decimals of more than 15 digits and NaN, which it would change.

        ## Files

        All files are compressed with zstd. Columns are found by name: an added column is null in older files. The
        text of a partition's column may not be empty, which a folder's name cannot tell from null: the run fails.

        ORC: instants (`timestamp`) are kept exactly only where the JVM's time zone is UTC, as it is in images; in
        another zone the table is refused. Its files have no 5th to 14th of October 1582, and no parts of the last
        second before 1970: a run that would write one fails. Times before 15 October 1582 lie there in the Julian
        calendar, as Hive has it: the C++ library of ORC reads them as Gregorian, days off. Other engines see
        `timestamp_ntz` as microseconds in a `bigint`.
        """,
        Arrays.stream(TableFormat.values())
            .map(TableFormat::word)
            .collect(Collectors.joining(" | ")),
        "---|".repeat(TableFormat.values().length),
        Arrays.stream(Capability.values())
            .map(FormatDocsTest::row)
            .collect(Collectors.joining("\n")));
  }

  private static String row(Capability capability) {
    return Arrays.stream(TableFormat.values())
        .map(format -> format.can(capability) ? "yes" : "–")
        .collect(
            Collectors.joining(
                " | ", "| " + capability.phrase() + " | ", " | " + sink(capability) + " |"));
  }

  private static String sink(Capability capability) {
    return Sink.jdbc("", "").can(capability) ? "yes" : "–";
  }
}
