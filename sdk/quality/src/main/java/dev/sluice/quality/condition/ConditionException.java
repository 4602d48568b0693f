package dev.sluice.quality.condition;

/** A condition that cannot be read; the message says at which character, or the pointer where. */
public final class ConditionException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String pointer;

  private ConditionException(String pointer, String message) {
    super(message);
    this.pointer = pointer;
  }

  /** At a character of a text, counted from 0. */
  static ConditionException at(int character, String reason) {
    return new ConditionException("", "at character " + (character + 1) + ": " + reason);
  }

  /** At a place of an object. */
  static ConditionException in(String pointer, String reason) {
    return new ConditionException(pointer, reason);
  }

  /** The JSON pointer, from the condition on; empty for the condition itself. */
  public String pointer() {
    return pointer;
  }
}
