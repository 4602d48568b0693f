package dev.sluice.quality;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.quality.Faults.Fault;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Brings a suite into the form of Great Expectations 1.x, whichever release wrote it. */
final class SuiteNormal {
  private static final Map<String, String> SUITE_KEYS =
      Map.of(
          "expectation_suite_name", "name",
          "ge_cloud_id", "id",
          "evaluation_parameters", "suite_parameters");

  private static final Map<String, String> ITEM_KEYS =
      Map.of("expectation_type", "type", "ge_cloud_id", "id");

  /** What 1.x has no use for, beside the kwargs. */
  private static final Set<String> RETIRED_KEYS = Set.of("data_asset_type", "success_on_last_run");

  private static final Set<String> RETIRED_KWARGS =
      Set.of(
          "parse_strings_as_datetimes",
          "allow_cross_type_comparisons",
          "output_strftime_format",
          "auto",
          "profiler_config",
          "include_config",
          "interactive_evaluation");

  private static final Map<String, String> TYPES =
      Map.of(
          "expect_multicolumn_values_to_be_unique",
          "expect_select_column_values_to_be_unique_within_record");

  private final Faults faults;
  private final List<String> warnings;

  SuiteNormal(Faults faults, List<String> warnings) {
    this.faults = faults;
    this.warnings = warnings;
  }

  /** The suite in 1.x form; what is not a suite at all comes back for the schema to refuse. */
  ObjectNode of(JsonNode suite) {
    ObjectNode normal = renamed(suite, SUITE_KEYS, "");
    if (normal.path("expectations").isArray()) {
      ArrayNode items = JsonNodeFactory.instance.arrayNode();
      JsonNode given = normal.get("expectations");
      for (int i = 0; i < given.size(); i++) {
        items.add(item(given.get(i), "/expectations/" + i));
      }
      normal.set("expectations", items);
    }
    return normal;
  }

  private JsonNode item(JsonNode item, String pointer) {
    if (!item.isObject()) {
      return item;
    }
    ObjectNode normal = renamed(item, ITEM_KEYS, pointer);
    String known = TYPES.get(normal.path("type").asText());
    if (known != null) {
      warnings.add(
          String.format(
              "%s: %s is read as %s, which is its name now",
              pointer, normal.get("type").asText(), known));
      normal.put("type", known);
    }
    if (normal.path("kwargs").isObject()) {
      normal.set("kwargs", kwargs(normal.get("kwargs"), pointer + "/kwargs"));
    }
    return normal;
  }

  /** Nulls stay, as results return the kwargs as they were written. */
  private ObjectNode kwargs(JsonNode kwargs, String pointer) {
    ObjectNode normal = JsonNodeFactory.instance.objectNode();
    kwargs
        .properties()
        .forEach(
            one -> {
              if (!RETIRED_KWARGS.contains(one.getKey())) {
                normal.set(one.getKey(), one.getValue());
              } else if (says(one.getValue())) {
                warnings.add(pointer + ": " + one.getKey() + " is ignored, as in 1.x");
              }
            });
    return normal;
  }

  /** A copy with the keys of 1.x, without nulls and without what 1.x has no use for. */
  private ObjectNode renamed(JsonNode node, Map<String, String> names, String pointer) {
    ObjectNode normal = JsonNodeFactory.instance.objectNode();
    node.properties()
        .forEach(
            one -> {
              String key = one.getKey();
              String name = names.getOrDefault(key, key);
              if (RETIRED_KEYS.contains(key)) {
                if (says(one.getValue())) {
                  warnings.add(
                      (pointer.isEmpty() ? "/" : pointer) + ": " + key + " is ignored, as in 1.x");
                }
              } else if (one.getValue().isNull()) {
                return;
              } else if (!name.equals(key) && node.hasNonNull(name)) {
                faults.add(
                    Fault.ofKey(
                        pointer + "/" + key,
                        String.format(
                            "'%s' is what '%s' was called before 1.x, and both stand here. Keep"
                                + " '%s'",
                            key, name, name)));
              } else {
                normal.set(name, one.getValue());
                if (!name.equals(key)) {
                  faults.renamed(pointer + "/" + key, pointer + "/" + name);
                }
              }
            });
    return normal;
  }

  /** Null and false are what old releases wrote for everybody. */
  private static boolean says(JsonNode value) {
    return !value.isNull() && !(value.isBoolean() && !value.asBoolean());
  }
}
