package dev.sluice.quality.condition;

/**
 * One word of a condition.
 *
 * @param text what it says, without quotes and escapes
 * @param at where it begins, counted from 0
 */
record Token(Kind kind, String text, int at) {
  enum Kind {
    NAME,
    QUOTED_NAME,
    TEXT,
    NUMBER,
    SIGN,
    END
  }

  boolean is(String sign) {
    return kind == Kind.SIGN && text.equals(sign);
  }

  /** Whether it is this word, in upper or lower case. */
  boolean says(String word) {
    return kind == Kind.NAME && text.equalsIgnoreCase(word);
  }

  @Override
  public String toString() {
    return switch (kind) {
      case END -> "the end";
      case TEXT -> "the text '" + text + "'";
      case NAME, QUOTED_NAME, NUMBER, SIGN -> "'" + text + "'";
    };
  }
}
