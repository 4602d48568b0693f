package dev.sluice.runtime.spi;

import dev.sluice.model.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a catalog says of a table beside its columns' types: comments, and tags among its
 * properties.
 */
public final class Words {
  /** In every table that Sluice has made or taken over. */
  public static final String MARK = "sluice.sdk-version";

  private static final String TAG = "sluice.tag.";

  private Words() {}

  /** Whether a table with these properties was made by Sluice, or taken over. */
  public static boolean isOurs(Map<String, String> properties) {
    return properties.keySet().stream()
        .filter(name -> !name.equals(FileCatalog.REVISION)) // Glue has one for every table
        .anyMatch(name -> name.startsWith("sluice."));
  }

  /** That a column gets a comment, or loses the one it has, for people. */
  public static String ofColumn(String column, String comment) {
    return comment.isEmpty()
        ? "remove the comment of column " + column
        : "say of column " + column + ": " + comment;
  }

  /** That the table gets a comment, or loses the one it has, for people. */
  public static String ofTable(String comment) {
    return comment.isEmpty() ? "remove the comment of the table" : "say of the table: " + comment;
  }

  /** That a property is set, for people. */
  public static String set(String property, String value) {
    return "set " + property + " to " + value;
  }

  /** A table's tags as properties. */
  public static Map<String, String> tags(Table table) {
    Map<String, String> properties = new LinkedHashMap<>();
    table.tags().forEach((tag, value) -> properties.put(TAG + tag, value));
    return properties;
  }

  /** Those of the properties that are there which are tags, and no longer declared. */
  public static List<String> staleTags(Table table, Map<String, String> there) {
    return there.keySet().stream()
        .filter(name -> name.startsWith(TAG) && !tags(table).containsKey(name))
        .sorted()
        .toList();
  }

  /** How the tags that are there differ from those declared, one line each. */
  public static List<String> ofTags(Table table, Map<String, String> there) {
    List<String> words = new ArrayList<>();
    tags(table)
        .forEach(
            (name, value) -> {
              if (!value.equals(there.get(name))) {
                words.add(set(name, value));
              }
            });
    staleTags(table, there).forEach(name -> words.add("remove " + name));
    return words;
  }

  /** The properties that are there with the tags as declared. */
  public static Map<String, String> tagged(Table table, Map<String, String> there) {
    Map<String, String> properties = new LinkedHashMap<>(there);
    staleTags(table, there).forEach(properties::remove);
    properties.putAll(tags(table));
    return properties;
  }
}
