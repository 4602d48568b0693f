package dev.sluice.testkit;

import dev.sluice.runtime.spi.LakeConfig;
import dev.sluice.runtime.spi.ObservedRun;
import dev.sluice.runtime.spi.RunObserver;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** An observer that does what a variable says, and nothing where there is none. */
public final class TroublesomeObserver implements RunObserver {
  static final String TROUBLE = "TEST_TROUBLE";

  /** What it does. */
  enum Trouble {
    THROWS_AT_BEGIN,
    THROWS_AT_END,
    LACKS_A_CLASS,
    NEVER_BEGINS,
    NEVER_ENDS
  }

  private Trouble trouble;

  @Override
  public String name() {
    return "the tests";
  }

  @Override
  public boolean isAsked(LakeConfig config, Map<String, String> environment) {
    if (environment.containsKey(TROUBLE)) {
      trouble = Trouble.valueOf(environment.get(TROUBLE));
    }
    return trouble != null;
  }

  @Override
  public void begun(LakeConfig config, Map<String, String> environment, Supplier<ObservedRun> run) {
    switch (trouble) {
      case THROWS_AT_BEGIN -> throw new IllegalStateException("no begin");
      case NEVER_BEGINS -> never();
      case THROWS_AT_END, LACKS_A_CLASS, NEVER_ENDS -> {}
    }
  }

  @Override
  public void ended(ObservedRun run) {
    switch (trouble) {
      case THROWS_AT_END -> throw new IllegalStateException("no end");
      case LACKS_A_CLASS -> throw new NoClassDefFoundError("some/Library");
      case NEVER_ENDS -> never();
      case THROWS_AT_BEGIN, NEVER_BEGINS -> {}
    }
  }

  /** Not even where it is interrupted. */
  private static void never() {
    while (true) {
      LockSupport.park();
    }
  }
}
