package dev.sluice.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.model.ExitCode;
import dev.sluice.model.SluiceException;
import org.junit.jupiter.api.Test;

class StopTest {
  private final Stop stop = new Stop();

  @Test
  void aRunThatPublishesGoesToItsEndAndTheNextPartDoesNotBegin() {
    stop.publishing();
    stop.ask();

    stop.check();
    assertThat(stop.ends()).isFalse();

    stop.partEnded();
    assertThatExceptionOfType(SluiceException.class)
        .isThrownBy(stop::check)
        .satisfies(e -> assertThat(e.exitCode()).isEqualTo(ExitCode.TERMINATED));
  }

  @Test
  void aPartThatHasPublishedKeepsNobodyFromStoppingTheNext() {
    stop.publishing();
    stop.partEnded();
    stop.ask();

    assertThat(stop.ends()).isTrue();
  }
}
