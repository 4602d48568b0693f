package dev.sluice.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

class RegisterCommandTest {

  @Test
  void itsHelpSaysWhatItDoes() {
    assertThat(new CommandLine(new RegisterCommand()).getUsageMessage(Ansi.OFF))
        .isEqualTo(
            """
            Usage: register [-hV] [--json] [--plan] [--config=FILE] [--import=TABLE]
                            [--interval=START/END] [--profile=NAME] [--receipt=URI]
                            [--set=KEY=VALUE]... [JOB]
            Brings the catalog in line with the declaration of a job's table, and prints
            what it has changed; idempotent. Leaves a receipt like any run. Only a sink
            needs the job's interval.
                  [JOB]                  The job's name; 'list' shows all.
                  --config=FILE          The job file; ./sluice.properties by default.
              -h, --help                 Show this help message and exit.
                  --import=TABLE         Takes over a table that others have made. Where no
                                           job of this image writes it: prints the
                                           declaration that matches it, and changes nothing.
                  --interval=START/END   The interval of a job that loads a sink.
                  --json                 Prints the receipt as JSON instead of the changes.
                  --plan                 Shows what would be changed, and changes nothing.
                  --profile=NAME         Reads <job file>-NAME.properties over the job file.
                  --receipt=URI          Puts one more copy of the receipt here: a path or
                                           a URI.
                  --set=KEY=VALUE        Sets a setting; may be repeated. Wins over every
                                           other place.
              -V, --version              Print version information and exit.
            """);
  }
}
