package dev.sluice.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.SettingsType;
import dev.sluice.runtime.spi.LakeConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is copied of Spark's event log, and when there is none. */
class EventLogTest {
  private static final String RUN = "20261123T231500Z-1a2b3c";
  private static final String LOG = "eventlog_v2_20261123t231500z-1a2b3c";

  @TempDir Path folder;

  @Test
  void whatHasGrownIsCopiedAndWhatWasRenamedIsGone() throws Exception {
    EventLog log = open(Map.of()).orElseThrow();
    Path spark = Path.of(URI.create(log.spark().get("spark.eventLog.dir"))).resolve(LOG);
    Files.createDirectory(spark);
    Path events = Files.writeString(spark.resolve("events_1.zstd"), "one");
    Path going = Files.createFile(spark.resolve("appstatus.inprogress"));
    Files.createFile(spark.resolve(".appstatus.crc"));

    assertThat(log.address()).contains(lake() + "/_sluice/events/" + LOG);
    assertThat(copies()).containsExactly("appstatus.inprogress", "events_1.zstd");

    Files.writeString(events, "one, two");
    Files.writeString(spark.resolve("events_2.zstd"), "three");
    Files.move(going, spark.resolve("appstatus"));
    log.end();

    assertThat(copies()).containsExactly("appstatus", "events_1.zstd", "events_2.zstd");
    assertThat(kept().resolve("events_1.zstd")).hasContent("one, two");
    assertThat(spark).as("what Spark has written here").doesNotExist();
  }

  @Test
  void ofSparkThatKeepsNoLogThereIsNoAddress() throws Exception {
    EventLog log = open(Map.of()).orElseThrow();

    assertThat(log.address()).isEmpty();
    log.end();
  }

  static Stream<Arguments> without() {
    return Stream.of(
        Arguments.of("none is wanted", Map.of("spark.event-log", "none")),
        Arguments.of("nothing is said", Map.of("spark.event-log", "")),
        Arguments.of("the lake's tables are encrypted", Map.of("lake.keys", "keystore")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("without")
  void thereIsNoLogWhere(String why, Map<String, String> settings) {
    assertThat(open(settings)).as(why).isEmpty();
  }

  @Test
  void besideEncryptedTablesOnlyAnAddressGivesALog() {
    Map<String, String> settings =
        Map.of("lake.keys", "keystore", "spark.event-log", folder.resolve("logs").toString());

    EventLog log = open(settings).orElseThrow();

    assertThat(log.spark()).containsEntry("spark.eventLog.enabled", "true");
    log.end();
  }

  private Optional<EventLog> open(Map<String, String> settings) {
    SettingsType type = SettingsType.of(LakeConfig.class);
    Map<String, String> all = new HashMap<>(type.defaults());
    all.putAll(settings);
    return EventLog.open((LakeConfig) type.bind(all), lake(), Configuration::new, RUN);
  }

  private String lake() {
    return "file://" + folder.resolve("lake");
  }

  private Path kept() {
    return folder.resolve("lake/_sluice/events").resolve(LOG);
  }

  private List<String> copies() throws IOException {
    try (Stream<Path> files = Files.list(kept())) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .sorted()
          .toList();
    }
  }
}
