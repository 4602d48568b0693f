package dev.sluice.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTypeTest {
  private static final SettingsType TYPE = SettingsType.of(All.class);

  /** A setting of every type, with and without a default. */
  record All(
      @Doc("Folder of the input") String raw,
      @Default("0") int minimumFare,
      @Default("9000000000") long maximumRows,
      @Default("0.5") double share,
      @Default("TRUE") boolean dryRun,
      @Default("2013-01-01") LocalDate firstDay,
      @Default("PT1M30S") Duration timeout,
      @Key("lake.password") Secret password) {}

  record Checked(int share) {
    Checked {
      if (share > 100) {
        throw new IllegalArgumentException("share is in percent");
      }
    }
  }

  record Refusing(String raw) {
    Refusing {
      throw SluiceException.config("Cannot use %s: no reason. Take another", raw);
    }
  }

  record Wrong(Object anything) {}

  @Test
  void namesAreKebabCaseUnlessGiven() {
    assertThat(TYPE.keys())
        .containsExactly(
            "raw",
            "minimum-fare",
            "maximum-rows",
            "share",
            "dry-run",
            "first-day",
            "timeout",
            "lake.password");
  }

  @Test
  void defaultsAreThoseOfTheRecord() {
    assertThat(TYPE.defaults())
        .containsOnlyKeys(
            "minimum-fare", "maximum-rows", "share", "dry-run", "first-day", "timeout")
        .containsEntry("minimum-fare", "0")
        .containsEntry("timeout", "PT1M30S");
  }

  @Test
  void theJsonSchemaIsTheGoldenOne() {
    Golden.assertSame("settings-schema.json", Json.pretty(TYPE.jsonSchema()));
  }

  @Test
  void makesTheRecordFromTexts() {
    All all = (All) TYPE.bind(values());

    assertThat(all.raw()).isEqualTo("s3://raw");
    assertThat(all.minimumFare()).isZero();
    assertThat(all.maximumRows()).isEqualTo(9_000_000_000L);
    assertThat(all.share()).isEqualTo(0.5);
    assertThat(all.dryRun()).isTrue();
    assertThat(all.firstDay()).isEqualTo(LocalDate.of(2013, 1, 1));
    assertThat(all.timeout()).isEqualTo(Duration.ofSeconds(90));
    assertThat(all.password().reveal()).isEqualTo("hunter2");
    assertThat(all.toString()).doesNotContain("hunter2");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "raw",
    "minimum-fare",
    "maximum-rows",
    "share",
    "dry-run",
    "first-day",
    "timeout",
    "lake.password"
  })
  void everySettingNeedsAValue(String key) {
    Map<String, String> values = values();
    values.remove(key);

    assertThatExceptionOfType(SluiceException.class)
        .isThrownBy(() -> TYPE.bind(values))
        .withMessage("Cannot use the settings: '%s' has no value. Give it one", key)
        .satisfies(e -> assertThat(e.kind()).isEqualTo(ErrorKind.CONFIG));
  }

  @ParameterizedTest(name = "{0}={1}")
  @CsvSource({
    "minimum-fare, 1.5, an integer",
    "minimum-fare, 9000000000, an integer",
    "maximum-rows, many, an integer",
    "share, half, a number",
    "dry-run, yes, a boolean",
    "first-day, 2013-02-30, a date",
    "timeout, 90 seconds, a duration"
  })
  void saysWhichValueIsMalformed(String key, String value, String wanted) {
    Map<String, String> values = values();
    values.put(key, value);

    assertThatExceptionOfType(SluiceException.class)
        .isThrownBy(() -> TYPE.bind(values))
        .withMessage(
            "Cannot use setting '%s': '%s' is not %s. Correct the value", key, value, wanted)
        .satisfies(e -> assertThat(e.kind()).isEqualTo(ErrorKind.CONFIG));
  }

  @Test
  void aRecordMayCheckItsValues() {
    assertThatExceptionOfType(SluiceException.class)
        .isThrownBy(() -> SettingsType.of(Checked.class).bind(Map.of("share", "101")))
        .withMessage("Cannot use the settings of Checked: share is in percent. Correct the value")
        .satisfies(e -> assertThat(e.kind()).isEqualTo(ErrorKind.CONFIG));
    assertThatExceptionOfType(SluiceException.class)
        .isThrownBy(() -> SettingsType.of(Refusing.class).bind(Map.of("raw", "x")))
        .withMessage("Cannot use x: no reason. Take another");
  }

  @Test
  void refusesATypeThatHasNoText() {
    assertThatExceptionOfType(SluiceException.class)
        .isThrownBy(() -> SettingsType.of(Wrong.class))
        .withMessage(
            "Cannot use Wrong as settings: component 'anything' is a Object. Use String, int, long,"
                + " double, boolean, LocalDate, Duration or Secret");
  }

  @Test
  void aSecretShowsNothing() {
    Secret secret = new Secret("hunter2");

    assertThat(secret).hasToString("***");
    assertThat(String.valueOf(secret)).doesNotContain("hunter2");
    assertThat(Json.line(Map.of("password", secret))).isEqualTo("{\"password\":\"***\"}");
    assertThat(secret.reveal()).isEqualTo("hunter2");
  }

  private static Map<String, String> values() {
    Map<String, String> values = new HashMap<>(TYPE.defaults());
    values.put("raw", "s3://raw");
    values.put("lake.password", "hunter2");
    return values;
  }
}
