package dev.sluice.runtime.source;

/** Why a record cannot be parsed; an everyday event, so it has no stack. */
final class Unparsable extends Exception {
  private static final long serialVersionUID = 1L;

  Unparsable(String reason) {
    super(reason, null, false, false);
  }
}
