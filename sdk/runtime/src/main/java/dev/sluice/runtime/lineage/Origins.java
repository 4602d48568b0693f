package dev.sluice.runtime.lineage;

import dev.sluice.model.Lineage;
import dev.sluice.model.Lineage.How;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Columns of inputs that something is made of, each with all the ways in which it is; a value. */
final class Origins {
  static final Origins NONE = new Origins(new TreeMap<>());

  private record Ref(String input, String column) implements Comparable<Ref> {
    private static final Comparator<Ref> ORDER =
        Comparator.comparing(Ref::input).thenComparing(Ref::column);

    @Override
    public int compareTo(Ref other) {
      return ORDER.compare(this, other);
    }
  }

  private final SortedMap<Ref, EnumSet<How>> how;

  private Origins(SortedMap<Ref, EnumSet<How>> how) {
    this.how = how;
  }

  static Origins column(String input, String column) {
    SortedMap<Ref, EnumSet<How>> one = new TreeMap<>();
    one.put(new Ref(input, column), EnumSet.of(How.IDENTITY));
    return new Origins(one);
  }

  Origins and(Origins other) {
    if (other.how.isEmpty() || other == this) {
      return this;
    }
    if (how.isEmpty()) {
      return other;
    }
    SortedMap<Ref, EnumSet<How>> all = copy();
    other.how.forEach(
        (ref, ways) -> all.computeIfAbsent(ref, r -> EnumSet.noneOf(How.class)).addAll(ways));
    return new Origins(all);
  }

  /** The same after one more step. */
  Origins then(How next) {
    SortedMap<Ref, EnumSet<How>> all = new TreeMap<>();
    how.forEach(
        (ref, ways) -> {
          EnumSet<How> after = EnumSet.noneOf(How.class);
          ways.forEach(way -> after.add(way.then(next)));
          all.put(ref, after);
        });
    return new Origins(all);
  }

  private SortedMap<Ref, EnumSet<How>> copy() {
    SortedMap<Ref, EnumSet<How>> all = new TreeMap<>();
    how.forEach((ref, ways) -> all.put(ref, EnumSet.copyOf(ways)));
    return all;
  }

  int size() {
    return how.size();
  }

  List<Lineage.Origin> told() {
    return how.entrySet().stream().map(Origins::told).toList();
  }

  private static Lineage.Origin told(Map.Entry<Ref, EnumSet<How>> entry) {
    EnumSet<How> ways = EnumSet.copyOf(entry.getValue());
    // What is computed from a column need not say that it is also a copy of it elsewhere.
    if (ways.contains(How.AGGREGATION) || ways.contains(How.TRANSFORMATION)) {
      ways.remove(How.IDENTITY);
    }
    return new Lineage.Origin(entry.getKey().input(), entry.getKey().column(), List.copyOf(ways));
  }
}
