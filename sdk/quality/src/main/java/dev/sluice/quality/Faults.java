package dev.sluice.quality;

import dev.sluice.quality.JsonPlaces.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Collects what is wrong with a suite, by the pointers of its normalised form. */
final class Faults {

  /** What a fault is about. */
  enum About {
    VALUE,
    KEY
  }

  /** One fault; its pointer is one of the normalised form. */
  record Fault(String pointer, About about, String reason) {
    static Fault ofValue(String pointer, String reason) {
      return new Fault(pointer, About.VALUE, reason);
    }

    static Fault ofKey(String pointer, String reason) {
      return new Fault(pointer, About.KEY, reason);
    }
  }

  private final List<Fault> faults = new ArrayList<>();
  private final Map<String, String> originals = new HashMap<>();

  void add(Fault fault) {
    faults.add(fault);
  }

  void addAll(List<Fault> more) {
    faults.addAll(more);
  }

  int size() {
    return faults.size();
  }

  /** Whether something is wrong with the value at a pointer, or inside of it. */
  boolean at(String pointer) {
    return faults.stream()
        .anyMatch(
            fault -> fault.pointer().equals(pointer) || fault.pointer().startsWith(pointer + "/"));
  }

  /** Notes that a value stands in the file under another key. */
  void renamed(String original, String normal) {
    originals.put(normal, original);
  }

  /** All faults with their places in the file, in its order. */
  List<Violation> in(JsonPlaces places) {
    return faults.stream()
        .map(fault -> violation(fault, places))
        .sorted(Comparator.comparingInt(Violation::line).thenComparingInt(Violation::column))
        .toList();
  }

  private Violation violation(Fault fault, JsonPlaces places) {
    String pointer = original(fault.pointer());
    Place place =
        switch (fault.about()) {
          case VALUE -> places.value(pointer);
          case KEY -> places.key(pointer);
        };
    // The root of a document has an empty pointer, which nobody would see.
    String shown = pointer.isEmpty() ? "/" : pointer;
    return new Violation(shown, place.line(), place.column(), fault.reason());
  }

  private String original(String pointer) {
    for (String head = pointer; !head.isEmpty(); head = head.substring(0, head.lastIndexOf('/'))) {
      String renamed = originals.get(head);
      if (renamed != null) {
        return renamed + pointer.substring(head.length());
      }
    }
    return pointer;
  }
}
