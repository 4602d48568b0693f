package dev.sluice.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * With which keys a table's files are encrypted (Parquet modular encryption). Immutable.
 *
 * <p>Keys are named, never given: the lake's key provider has them. Every column is encrypted;
 * those without a key of their own with that of the footer, which alone opens a file at all.
 *
 * @param footer the name of the key of the footer
 * @param columns the names of keys by the columns that have one of their own
 */
public record Encryption(String footer, Map<String, String> columns) {

  /** Copies the columns. */
  public Encryption {
    requireName(footer);
    columns.values().forEach(Encryption::requireName);
    columns = new TreeMap<>(columns);
  }

  /** Encrypts everything with one key. */
  public static Encryption with(String key) {
    return new Encryption(key, Map.of());
  }

  /** Encrypts a column with a key of its own. */
  public Encryption column(String column, String key) {
    Map<String, String> more = new TreeMap<>(columns);
    more.put(column, key);
    return new Encryption(footer, more);
  }

  /** The same for rows that have only these columns. */
  public Encryption within(Collection<String> names) {
    Map<String, String> fewer = new TreeMap<>(columns);
    fewer.keySet().retainAll(names);
    return new Encryption(footer, fewer);
  }

  /** The columns with keys of their own, by the names of the keys. */
  public Map<String, List<String>> byKey() {
    Map<String, List<String>> byKey = new TreeMap<>();
    columns.forEach(
        (column, key) -> byKey.computeIfAbsent(key, name -> new ArrayList<>()).add(column));
    return byKey;
  }

  /** An alias is a name, too; an ARN is none, for in the property of Parquet its colons end one. */
  private static void requireName(String key) {
    if (!key.matches("[A-Za-z0-9][A-Za-z0-9_./-]*")) {
      throw SluiceException.config(
          "Cannot declare a table: '%s' is no name of a key. Use its id or alias: letters, digits and _ . / -",
          key);
    }
  }
}
