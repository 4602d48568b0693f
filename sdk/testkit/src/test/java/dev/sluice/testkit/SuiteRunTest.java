package dev.sluice.testkit;

import static dev.sluice.testkit.SluiceAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.SluiceException;
import org.junit.jupiter.api.Test;

/** A suite over rows of a test, without a job. */
class SuiteRunTest {
  private static final String HEADER = "id,amount,region";

  @Test
  void rowsOfATableAreTypedAsItDeclares() {
    SuiteResult result =
        SuiteRun.of("positive").given(Sample.ORDERS, "amount,region", "1,eu", "2.5,us").run();

    assertThat(result).holds().holds("amount_positive").publishes();
    assertThatThrownBy(() -> assertThat(result).as("orders").fails("amount_positive"))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith(
            "[orders] Expected amount_positive to fail, but it holds: {\"element_count\":2,")
        .hasMessageEndingWith("Suite positive decides PUBLISH: everything holds");
  }

  @Test
  void rowsOfTextAreTypedBySpark() {
    SuiteResult result =
        SuiteRun.of("positive").given(HEADER, "1,-1,eu", "2,-2,", "3,-3,\"a,b\"", "4,4,us").run();

    assertThat(result)
        .fails("amount_positive")
        .in(3)
        .fails("region_known")
        .in(1)
        .failsOnly("region_known", "amount_positive")
        .refusesBecause("amount_positive fails in 3 rows (75.00 %)");
    assertThatThrownBy(() -> assertThat(result).fails("amount_positive").in(2))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith(
            "Expected amount_positive to fail in 2 rows.\n"
                + "Suite positive decides REFUSE (amount_positive fails in 3 rows (75.00 %), the"
                + " limit is 5.00 %):\n"
                + "  fails: amount_positive in 3 rows {\"element_count\":4,\"unexpected_count\":3,");
    assertThatThrownBy(() -> assertThat(result).holds())
        .hasMessageStartingWith("Expected every expectation of positive to hold.\n");
    assertThatThrownBy(() -> assertThat(result).holds("region_known"))
        .hasMessageStartingWith("Expected region_known to hold.\n");
    assertThatThrownBy(() -> assertThat(result).failsOnly("region_known"))
        .hasMessageStartingWith("Expected just [region_known] to fail.\n");
    assertThatThrownBy(() -> assertThat(result).publishes())
        .hasMessageStartingWith("Expected a gate to publish.\n");
    assertThatThrownBy(() -> assertThat(result).refusesBecause("region"))
        .hasMessageStartingWith("Expected a gate to refuse because of 'region'.\n");
    assertThatThrownBy(() -> assertThat(result).fails("amount_positiv"))
        .isInstanceOf(AssertionError.class)
        .hasMessage(
            "There is no expectation 'amount_positiv'. Did you mean 'amount_positive'? Known:"
                + " amount_positive, region_known");
  }

  @Test
  void whatIsGivenWronglyIsNamed() {
    assertThatThrownBy(() -> SuiteRun.of("positive").run())
        .isInstanceOf(SluiceException.class)
        .hasMessage("Cannot run suite positive: no rows are given. Call given(…) first");
    assertThatThrownBy(() -> SuiteRun.of("positive").given(Sample.ORDERS, "id,amuont", "1,2").run())
        .isInstanceOf(SluiceException.class)
        .hasMessage(
            "Cannot give rows to shop.orders: it has no column 'amuont'. Did you mean 'amount'?"
                + " Known: id, amount, region");
  }
}
