package dev.sluice.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantityTest {

  @ParameterizedTest
  @CsvSource({
    "2Gi, 2147483648",
    "1.5Gi, 1610612736",
    "750Mi, 786432000",
    "2G, 2000000000",
    "500m, 1",
    "1500m, 2",
    "4, 4"
  })
  void isReadAsKubernetesReadsIt(String text, long amount) {
    assertThat(Quantity.parse(text)).isEqualTo(amount);
  }
}
