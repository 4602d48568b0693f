package dev.sluice.quality.type;

import java.util.LinkedHashMap;
import java.util.Map;

/** Objects of results, whose keys keep their order from one run to the next. */
final class Fields {
  private Fields() {}

  /**
   * An object.
   *
   * @param namesAndValues a name, its value, the next name, and so on; a value may be null
   */
  static Map<String, Object> of(Object... namesAndValues) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      fields.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return fields;
  }
}
