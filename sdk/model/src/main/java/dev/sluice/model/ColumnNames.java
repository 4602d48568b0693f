package dev.sluice.model;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Names of columns, as catalogs and engines compare them: without regard to case. */
public final class ColumnNames {
  private static final String DOT_ABOVE = "\u0307";

  private ColumnNames() {}

  /**
   * The names that somebody will take for one another, for people: {@code 'id' and 'ID'}.
   *
   * <p>Among them those that differ in how Unicode writes the same letter, and the Turkish i's.
   */
  public static Optional<String> collisions(List<String> names) {
    Map<String, List<String>> alike = new LinkedHashMap<>();
    names.forEach(name -> alike.computeIfAbsent(folded(name), key -> new ArrayList<>()).add(name));
    List<String> groups =
        alike.values().stream()
            .filter(group -> group.size() > 1)
            .map(group -> "'" + String.join("' and '", group) + "'")
            .toList();
    return groups.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", groups));
  }

  private static String folded(String name) {
    String composed = Normalizer.normalize(name, Normalizer.Form.NFKC);
    // Up and down again: some letters have one upper case and two lower ones.
    String folded = composed.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    return Normalizer.normalize(folded, Normalizer.Form.NFKC).replace(DOT_ABOVE, "");
  }
}
