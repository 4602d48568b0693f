package dev.sluice.quality.condition;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Splits a condition into its words. */
final class Lexer {
  private static final Pattern NUMBER =
      Pattern.compile("(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?");
  private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{M}\\p{N}_]*");
  private static final Pattern SIGN =
      Pattern.compile("==|!=|<>|<=|>=|&&|\\|\\||[<>=&|~!()\\[\\],.@+-]");

  private final String text;
  private int at;

  private Lexer(String text) {
    this.text = text;
  }

  static List<Token> tokens(String text) {
    return new Lexer(text).tokens();
  }

  private List<Token> tokens() {
    List<Token> tokens = new ArrayList<>();
    while (true) {
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
      if (at == text.length()) {
        tokens.add(new Token(Token.Kind.END, "", at));
        return tokens;
      }
      tokens.add(next());
    }
  }

  private Token next() {
    char first = text.charAt(at);
    if (first == '"' || first == '\'') {
      return quoted(Token.Kind.TEXT, first);
    }
    if (first == '`') {
      return quoted(Token.Kind.QUOTED_NAME, first);
    }
    int start = at;
    if (Character.isDigit(first) || (first == '.' && digitFollows())) {
      return new Token(Token.Kind.NUMBER, take(NUMBER), start);
    }
    String name = take(NAME);
    if (!name.isEmpty()) {
      return new Token(Token.Kind.NAME, name, start);
    }
    String sign = take(SIGN);
    if (sign.isEmpty()) {
      throw ConditionException.at(start, "'" + first + "' has no meaning here");
    }
    return new Token(Token.Kind.SIGN, sign, start);
  }

  private boolean digitFollows() {
    return at + 1 < text.length() && Character.isDigit(text.charAt(at + 1));
  }

  private String take(Pattern pattern) {
    Matcher matcher = pattern.matcher(text).region(at, text.length());
    if (!matcher.lookingAt()) {
      return "";
    }
    at = matcher.end();
    return matcher.group();
  }

  /** A backslash takes the meaning from a quote or a backslash, and from nothing else. */
  private Token quoted(Token.Kind kind, char quote) {
    int start = at++;
    StringBuilder content = new StringBuilder();
    while (at < text.length()) {
      char next = text.charAt(at++);
      if (next == quote) {
        return new Token(kind, content.toString(), start);
      }
      boolean escapes =
          next == '\\'
              && at < text.length()
              && (text.charAt(at) == quote || text.charAt(at) == '\\');
      content.append(escapes ? text.charAt(at++) : next);
    }
    throw ConditionException.at(start, "the quote " + quote + " is never closed");
  }
}
