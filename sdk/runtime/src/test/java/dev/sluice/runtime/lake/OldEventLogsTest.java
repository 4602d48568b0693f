package dev.sluice.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Event logs are removed by the age of their runs; nothing else is. */
class OldEventLogsTest {
  private static final Duration KEPT = Duration.ofDays(30);
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("'eventlog_v2_'yyyyMMdd't'HHmmss'z-0a1b2c'")
          .withZone(ZoneOffset.UTC);

  @TempDir Path folder;

  @Test
  void oldLogsGoAndAllElseStays() throws Exception {
    String old = log(Duration.ofDays(31));
    String young = log(Duration.ofDays(29));
    Files.createDirectory(folder.resolve("eventlog_v2_local-1700000000000"));
    Files.createDirectory(folder.resolve("eventlog_v2_20200101t000000z-0a1b2c-copy"));
    Files.writeString(folder.resolve("notes.txt"), "mine");

    assertThat(remove()).isEqualTo(1);

    assertThat(names())
        .doesNotContain(old)
        .contains(
            young,
            "eventlog_v2_local-1700000000000",
            "eventlog_v2_20200101t000000z-0a1b2c-copy",
            "notes.txt");
  }

  @Test
  void oneRunRemovesSoManyAndTheNextTheRest() throws Exception {
    for (int day = 0; day < OldEventLogs.MOST + 3; day++) {
      log(Duration.ofDays(40 + day));
    }

    assertThat(List.of(remove(), remove(), remove())).containsExactly(OldEventLogs.MOST, 3, 0);
  }

  @Test
  void aFolderThatIsNotThereHasNone() throws Exception {
    assertThat(OldEventLogs.remove("file://" + folder + "/none", KEPT, new Configuration()))
        .isZero();
  }

  private String log(Duration age) throws Exception {
    String name = NAME.format(Instant.now().minus(age));
    Path log = Files.createDirectory(folder.resolve(name));
    Files.writeString(log.resolve("events_1.zstd"), "events");
    return name;
  }

  private int remove() throws Exception {
    return OldEventLogs.remove("file://" + folder, KEPT, new Configuration());
  }

  private List<String> names() throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
