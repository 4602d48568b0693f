package dev.sluice.quality;

import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Every type of expectation that this engine knows. */
public final class ExpectationTypes {
  private static final SortedMap<String, ExpectationType<?>> BY_NAME = load();

  private ExpectationTypes() {}

  /** The type with this name, if it is known. */
  public static Optional<ExpectationType<?>> find(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /** The names of all known types. */
  public static Set<String> names() {
    return BY_NAME.keySet();
  }

  private static SortedMap<String, ExpectationType<?>> load() {
    SortedMap<String, ExpectationType<?>> types = new TreeMap<>();
    for (ExpectationType<?> type : ServiceLoader.load(ExpectationType.class)) {
      types.put(type.name(), type);
    }
    return types;
  }
}
