package dev.sluice.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Exit codes and kinds are API: Airflow decides by them whether to try again. */
class ErrorKindTest {

  @ParameterizedTest(name = "{0} ends with {1}, retry {2}")
  @CsvSource({
    "CONFIG, 2, false",
    "CONTRACT, 3, false",
    "DATA, 4, false",
    "SOURCE, 75, true",
    "INFRA, 75, true",
    "BUG, 70, false"
  })
  void everyKindHasItsExitCode(ErrorKind kind, int exitCode, boolean retryable) {
    SluiceException e = new SluiceException(kind, "Cannot do it: so it is. Do another thing");

    assertThat(e.exitCode().value()).isEqualTo(exitCode);
    assertThat(e.retryable()).isEqualTo(retryable);
    assertThat(e).hasMessage("Cannot do it: so it is. Do another thing");
  }

  @Test
  void noKindIsWithoutAnExitCode() {
    assertThat(ErrorKind.values()).hasSize(6);
  }

  @ParameterizedTest(name = "{0} is worth another try")
  @CsvSource({"COMMIT_UNKNOWN", "CONFLICT"})
  void someExitCodesSayMoreThanTheirKind(ExitCode exitCode) {
    SluiceException e = new SluiceException(ErrorKind.CONTRACT, exitCode, "Cannot commit", null);

    assertThat(e.exitCode()).isEqualTo(exitCode);
    assertThat(e.retryable()).isTrue();
  }

  @Test
  void theExitCodesAreTheDocumentedOnes() {
    List<Integer> values = Arrays.stream(ExitCode.values()).map(ExitCode::value).toList();

    assertThat(values).containsExactly(0, 2, 3, 4, 5, 6, 70, 75, 137, 143);
  }
}
