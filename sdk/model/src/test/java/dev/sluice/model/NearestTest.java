package dev.sluice.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
  private static final List<String> KNOWN = List.of("dep_delay", "arr_delay", "distance", "origin");

  @ParameterizedTest(name = "{0} is probably {1}")
  @CsvSource({
    "dep_dely, dep_delay",
    "depdelay, dep_delay",
    "DEP_DELAY, dep_delay",
    "ar_delay, arr_delay",
    "distnace, distance",
    "orign, origin",
    "origin, origin"
  })
  void findsWhatWasMeant(String written, String meant) {
    assertThat(Nearest.to(written, KNOWN)).contains(meant);
    assertThat(Nearest.hint(written, KNOWN))
        .isEqualTo("Did you mean '%s'? Known: dep_delay, arr_delay, distance, origin", meant);
  }

  @Test
  void suggestsNothingThatIsFarOff() {
    assertThat(Nearest.to("temperature", KNOWN)).isEmpty();
    assertThat(Nearest.hint("temperature", KNOWN))
        .isEqualTo("Known: dep_delay, arr_delay, distance, origin");
  }

  @Test
  void saysWhereThereIsNothingToChooseFrom() {
    assertThat(Nearest.to("x", List.of())).isEmpty();
    assertThat(Nearest.hint("x", List.of())).isEqualTo("There is none to choose from");
  }
}
