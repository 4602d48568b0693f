package dev.sluice.runtime.engine;

import dev.sluice.model.Receipt;
import java.util.Map;

/** Who learns how far a run has come, and how it has ended, without asking for it. */
interface LastWords {
  /** The run goes on; these may be the last words of one that is killed. */
  void soFar(Receipt receipt);

  /** The run has ended. */
  void ended(Receipt receipt);

  /** Those that this process leaves to whoever has launched it. */
  static LastWords ofProcess(Map<String, String> environment) {
    return new LastWords() {
      @Override
      public void soFar(Receipt receipt) {
        TerminationMessage.progress(environment, receipt.brief());
      }

      @Override
      public void ended(Receipt receipt) {
        TerminationMessage.write(environment, receipt.brief());
      }
    };
  }
}
