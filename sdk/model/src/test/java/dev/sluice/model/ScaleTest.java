package dev.sluice.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScaleTest {

  @Test
  void readsWhatItWrites() {
    assertThat(Scale.parse("local")).isEqualTo(Scale.local());
    assertThat(Scale.parse("executors(2)")).isEqualTo(Scale.executors(2));
    assertThat(Scale.parse("executors(0..8)")).isEqualTo(Scale.executors(0, 8));
    assertThat(Scale.executors(2).text()).isEqualTo("executors(2)");
    assertThat(Scale.executors(1, 8).text()).isEqualTo("executors(1..8)");
    assertThat(Scale.local().text()).isEqualTo("local");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "2", "executors", "executors()", "executors(-1)", "executors(1..)", "Local"})
  void refusesWhatIsNone(String text) {
    assertThatExceptionOfType(SluiceException.class)
        .isThrownBy(() -> Scale.parse(text))
        .withMessageStartingWith("Cannot scale to '" + text + "'")
        .withMessageEndingWith("Write it like executors(2) or executors(1..8)");
  }

  @Test
  void refusesNoneAndBoundsOutOfOrder() {
    assertThatExceptionOfType(SluiceException.class)
        .isThrownBy(() -> Scale.parse("executors(0)"))
        .withMessage("Cannot scale to executors(0..0): these are none. Write local");
    assertThatExceptionOfType(SluiceException.class)
        .isThrownBy(() -> Scale.parse("executors(3..2)"))
        .withMessageStartingWith("Cannot scale to executors(3..2)");
  }

  @Test
  void standsInTheManifestAsText() {
    Resources resources =
        new Resources("2Gi", "1").scaled(Scale.executors(1, 8)).withExecutorsOf("4Gi", "2");

    assertThat(Json.pretty(resources))
        .contains("\"scale\" : \"executors(1..8)\"")
        .contains("\"executor_memory\" : \"4Gi\"");
    assertThat(Json.pretty(new Resources("2Gi", "1"))).doesNotContain("scale");
  }
}
