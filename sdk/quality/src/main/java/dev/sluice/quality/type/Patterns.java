package dev.sluice.quality.type;

import dev.sluice.quality.Check;
import dev.sluice.quality.Scope;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/** The two languages in which suites describe texts, and what is asked in both of them. */
enum Patterns {
  /** Regular expressions, found anywhere in a text. */
  REGEX {
    @Override
    Column matches(Column text, String pattern) {
      try {
        Pattern.compile(pattern);
      } catch (PatternSyntaxException e) {
        throw new IllegalArgumentException("regex is not valid: " + e.getDescription(), e);
      }
      return text.rlike(pattern);
    }
  },

  /** SQL's own: {@code %} for any characters, {@code _} for one, a backslash before either. */
  LIKE {
    @Override
    Column matches(Column text, String pattern) {
      if (!LIKE_PATTERN.matcher(pattern).matches()) {
        throw new IllegalArgumentException(
            "like_pattern '" + pattern + "' has a backslash before none of %, _ and a backslash");
      }
      return text.like(pattern);
    }
  };

  private static final Pattern LIKE_PATTERN =
      Pattern.compile("([^\\\\]|\\\\[%_\\\\])*", Pattern.DOTALL);

  /**
   * True where a text matches.
   *
   * @throws IllegalArgumentException where the pattern is none
   */
  abstract Column matches(Column text, String pattern);

  /** Every text matches. */
  Check matching(String column, String pattern, Optional<Double> mostly, Scope scope) {
    Column unexpected = functions.not(matches(scope.text(column), pattern));
    return Values.check(column, scope, unexpected, mostly);
  }

  /** No text matches. */
  Check notMatching(String column, String pattern, Optional<Double> mostly, Scope scope) {
    return Values.check(column, scope, matches(scope.text(column), pattern), mostly);
  }

  /** Every text matches one of the patterns, or all of them. */
  Check matching(
      String column, List<String> patterns, MatchOn how, Optional<Double> mostly, Scope scope) {
    Column unexpected =
        switch (how) {
          case ANY -> functions.not(Values.any(each(column, patterns, scope)));
          case ALL ->
              Values.any(each(column, patterns, scope).stream().map(functions::not).toList());
        };
    return Values.check(column, scope, unexpected, mostly);
  }

  /** No text matches any of the patterns. */
  Check notMatching(String column, List<String> patterns, Optional<Double> mostly, Scope scope) {
    return Values.check(column, scope, Values.any(each(column, patterns, scope)), mostly);
  }

  private List<Column> each(String column, List<String> patterns, Scope scope) {
    Column text = scope.text(column);
    return patterns.stream().map(pattern -> matches(text, pattern)).toList();
  }
}
