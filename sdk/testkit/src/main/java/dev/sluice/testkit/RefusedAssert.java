package dev.sluice.testkit;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.Receipt.Failure;

/** A run that published nothing, and why. */
public final class RefusedAssert extends JobResultAssert {

  RefusedAssert(Outcome actual) {
    super(actual);
  }

  /** The reason holds this text. */
  public RefusedAssert because(String text) {
    if (actual.receipt().error().map(Failure::message).filter(m -> m.contains(text)).isEmpty()) {
      throw different("the reason to hold '%s'", text);
    }
    return this;
  }

  /** The error is of this kind, which says who has to act. */
  public RefusedAssert of(ErrorKind kind) {
    if (actual.receipt().error().map(Failure::kind).filter(k -> k == kind).isEmpty()) {
      throw different("an error of kind %s", kind);
    }
    return this;
  }

  /** The process would end with this code. */
  public RefusedAssert exitCode(int code) {
    if (!actual.receipt().exitCode().equals(java.util.Optional.of(code))) {
      throw different("exit code %d, but it is %s", code, actual.receipt().exitCode().orElse(null));
    }
    return this;
  }
}
