package dev.sluice.runtime.engine;

import dev.sluice.model.Receipt;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the parts of a range have read, taken together: which inputs, and how many rows. To which
 * files they were pinned stands in each part's own receipt; a snapshot stays where all have read
 * the same.
 */
final class RangeInputs {
  private record Name(String name, String uri) {}

  private final Map<Name, Receipt.Input> inputs = new LinkedHashMap<>();

  void add(List<Receipt.Input> read) {
    for (Receipt.Input input : read) {
      Receipt.Input unpinned =
          new Receipt.Input(
              input.name(),
              input.uri(),
              input.snapshotId(),
              input.files().map(files -> List.of()),
              input.rows());
      inputs.merge(new Name(input.name(), input.uri()), unpinned, RangeInputs::both);
    }
  }

  private static Receipt.Input both(Receipt.Input one, Receipt.Input other) {
    return new Receipt.Input(
        one.name(),
        one.uri(),
        one.snapshotId().filter(id -> other.snapshotId().filter(id::equals).isPresent()),
        one.files(),
        one.rows().flatMap(rows -> other.rows().map(more -> rows + more)));
  }

  /** One for each name and place; empty where no part has read anything. */
  Optional<List<Receipt.Input>> inputs() {
    return Optional.of(List.copyOf(inputs.values())).filter(some -> !some.isEmpty());
  }
}
