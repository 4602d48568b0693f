package dev.sluice.runtime.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Prometheus' text format, read as strictly as its documentation has it. */
final class Exposition {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
  private static final Pattern SAMPLE =
      Pattern.compile(
          "([a-zA-Z_:][a-zA-Z0-9_:]*)"
              + "\\{((?:[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\\n]|\\\\[\\\\\"n])*\",?)*)\\}"
              + " (-?\\d+(?:\\.\\d+)?(?:[eE]-?\\d+)?|NaN|[+-]Inf)");

  private Exposition() {}

  /** The samples by name and labels; a text that breaks a rule is an assertion that fails. */
  static Map<String, Double> read(String text) {
    assertThat(text).endsWith("\n");
    Map<String, Double> samples = new LinkedHashMap<>();
    Set<String> begun = new HashSet<>();
    String family = "";
    String expected = "HELP";
    for (String line : text.lines().toList()) {
      if (line.startsWith("# ")) {
        String[] words = line.split(" ", 4);
        if (expected.equals("HELP") || words[1].equals("HELP")) {
          assertThat(words[1]).as(line).isEqualTo("HELP");
          family = words[2];
          assertThat(NAME.matcher(family).matches()).as(line).isTrue();
          assertThat(begun.add(family)).as("all lines of %s stand together", family).isTrue();
          expected = "TYPE";
        } else {
          assertThat(words).as(line).containsExactly("#", "TYPE", family, "gauge");
          expected = "sample";
        }
        continue;
      }
      assertThat(expected).as(line).isEqualTo("sample");
      Matcher sample = SAMPLE.matcher(line);
      assertThat(sample.matches()).as(line).isTrue();
      assertThat(sample.group(1)).as(line).isEqualTo(family);
      String key = family + "{" + sample.group(2) + "}";
      assertThat(samples.put(key, Double.valueOf(sample.group(3)))).as("once: " + key).isNull();
    }
    return samples;
  }
}
