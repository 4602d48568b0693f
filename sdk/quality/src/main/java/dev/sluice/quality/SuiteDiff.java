package dev.sluice.quality;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How two suites differ in what they ask.
 *
 * @param policy what differs in the suites themselves
 * @param added the checks that only the second has
 * @param removed the checks that only the first has
 * @param changed the checks that both have, by id, with what differs
 */
public record SuiteDiff(
    List<Change> policy, List<Asked> added, List<Asked> removed, List<Changed> changed) {

  /** One check: its id, its type and its kwargs. */
  public record Asked(String id, String type, JsonNode kwargs) {}

  /**
   * One value that differs.
   *
   * @param key the path to it
   * @param before as JSON text; empty where it was absent
   * @param after as JSON text; empty where it is absent
   */
  public record Change(String key, String before, String after) {}

  /** One check with all that differs. */
  public record Changed(String id, List<Change> changes) {}

  /** The differences from one suite to another; the order of checks makes none. */
  public static SuiteDiff of(Suite before, Suite after) {
    Map<String, Expectation> old = byId(before);
    Map<String, Expectation> now = byId(after);
    List<Asked> added = new ArrayList<>();
    List<Asked> removed = new ArrayList<>();
    List<Changed> changed = new ArrayList<>();
    for (Expectation one : now.values()) {
      Expectation was = old.get(one.id());
      if (was == null) {
        added.add(asked(one));
      } else {
        List<Change> changes = changes(flat(was), flat(one));
        if (!changes.isEmpty()) {
          changed.add(new Changed(one.id(), changes));
        }
      }
    }
    old.values().stream()
        .filter(one -> !now.containsKey(one.id()))
        .forEach(one -> removed.add(asked(one)));
    return new SuiteDiff(changes(policy(before), policy(after)), added, removed, changed);
  }

  /** Whether both ask the same. */
  public boolean none() {
    return policy.isEmpty() && added.isEmpty() && removed.isEmpty() && changed.isEmpty();
  }

  /** The differences for people. */
  public String text() {
    if (none()) {
      return "no difference\n";
    }
    StringBuilder text = new StringBuilder();
    policy.forEach(change -> text.append("~ ").append(line(change)));
    removed.forEach(one -> text.append("- ").append(line(one)));
    added.forEach(one -> text.append("+ ").append(line(one)));
    changed.forEach(
        one -> {
          text.append("~ ").append(one.id()).append('\n');
          one.changes().forEach(change -> text.append("    ").append(line(change)));
        });
    return text.toString();
  }

  private static String line(Asked one) {
    return one.id() + " " + Json.line(one.kwargs()) + "\n";
  }

  private static String line(Change change) {
    return String.format(
        "%s: %s → %s\n",
        change.key(),
        change.before().isEmpty() ? "(absent)" : change.before(),
        change.after().isEmpty() ? "(absent)" : change.after());
  }

  private static Map<String, Expectation> byId(Suite suite) {
    Map<String, Expectation> byId = new LinkedHashMap<>();
    suite.expectations().forEach(one -> byId.put(one.id(), one));
    return byId;
  }

  private static Asked asked(Expectation one) {
    return new Asked(one.id(), one.type().name(), one.node().get("kwargs"));
  }

  private static Map<String, String> policy(Suite suite) {
    Map<String, String> policy = new LinkedHashMap<>();
    policy.put("name", Json.line(suite.name()));
    suite.meta().path("sluice").properties().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(one -> policy.put("meta.sluice." + one.getKey(), text(one.getValue())));
    return policy;
  }

  private static Map<String, String> flat(Expectation one) {
    Map<String, String> flat = new LinkedHashMap<>();
    flat.put("type", Json.line(one.type().name()));
    ObjectNode kwargs = ((ObjectNode) one.kwargs()).deepCopy();
    one.node().path("kwargs").properties().stream()
        .filter(kwarg -> kwarg.getKey().equals("row_condition"))
        .forEach(kwarg -> kwargs.set(kwarg.getKey(), kwarg.getValue()));
    kwargs
        .properties()
        .forEach(kwarg -> flat.put("kwargs." + kwarg.getKey(), text(kwarg.getValue())));
    flat.put("severity", Json.line(one.severity()));
    one.node()
        .path("meta")
        .path("sluice")
        .properties()
        .forEach(word -> flat.put("meta.sluice." + word.getKey(), text(word.getValue())));
    return flat;
  }

  private static String text(JsonNode value) {
    return Fingerprint.canonical(value).toString();
  }

  private static List<Change> changes(Map<String, String> before, Map<String, String> after) {
    Set<String> keys = new LinkedHashSet<>(before.keySet());
    keys.addAll(after.keySet());
    return keys.stream()
        .map(key -> new Change(key, before.getOrDefault(key, ""), after.getOrDefault(key, "")))
        .filter(change -> !change.before().equals(change.after()))
        .toList();
  }
}
