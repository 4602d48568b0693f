package dev.sluice.runtime.spi;

import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.model.TableFormat;
import dev.sluice.runtime.spi.FileCatalog.Entry;
import dev.sluice.runtime.spi.HiveLayout.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A table as a catalog that speaks Hive's words has it, whoever made it.
 *
 * @param columns those that stand in the files, in order
 * @param partitionKeys those that stand in the folders' names, in order
 * @param location where it lies
 * @param parameters free key-value pairs
 * @param kind Hive's word for the kind of table; null where the catalog has none
 * @param serde Hive's class that takes rows apart; null where the catalog has none
 * @param buckets the columns by which the files of a folder are split
 * @param comment what the catalog says of the table; null for nothing
 */
public record HiveTable(
    List<Field> columns,
    List<Field> partitionKeys,
    String location,
    Map<String, String> parameters,
    String kind,
    String serde,
    List<String> buckets,
    String comment) {

  /** Says it in our words, for one who declares the table. */
  public Entry entry(Table table) {
    if ("ICEBERG".equalsIgnoreCase(parameters.get("table_type"))) {
      throw SluiceException.contract(
          "Cannot use table %s: the catalog has it as an Iceberg table and the declaration as %s."
              + " Declare it as Iceberg, or write to a new table",
          table.name(), table.format().word());
    }
    requirePlain(table.name());
    Map<String, String> columns = new LinkedHashMap<>();
    for (Field field : fields()) {
      String name = declaredName(table, field.name());
      columns.put(name, parameters.getOrDefault(HiveLayout.TYPE + name, field.type()));
    }
    Map<String, String> known = new LinkedHashMap<>(parameters);
    known.putIfAbsent(FileCatalog.CLASSIFICATION, files());
    return new Entry(columns, HiveLayout.place(location), known);
  }

  /** What Hive keeps by rules of its own, or does not keep at all, no run of ours can write. */
  private void requirePlain(String name) {
    Optional<String> odd =
        Objects.requireNonNullElse(kind, "").endsWith("VIEW")
            ? Optional.of("a view")
            : "true".equalsIgnoreCase(parameters.get("transactional"))
                ? Optional.of("a transactional table of Hive")
                : buckets.isEmpty()
                    ? Optional.empty()
                    : Optional.of("one in buckets by " + String.join(", ", buckets));
    odd.ifPresent(
        what -> {
          throw SluiceException.contract(
              "Cannot use table %s: the catalog has it as %s. Write to a new table", name, what);
        });
  }

  /**
   * The name of its format, as in {@link TableFormat#word()}; of others, what Hive reads them by.
   */
  private String files() {
    return Arrays.stream(TableFormat.values())
        .filter(format -> HiveLayout.serde(format).filter(s -> s.equals(serde)).isPresent())
        .map(TableFormat::word)
        .findFirst()
        .orElse(serde == null ? "unknown" : serde.substring(serde.lastIndexOf('.') + 1));
  }

  /**
   * The declaration that matches it.
   *
   * @throws SluiceException of kind CONTRACT or CONFIG where there can be none
   */
  public Table declaration(String name) {
    requirePlain(name);
    String files = parameters.getOrDefault(FileCatalog.CLASSIFICATION, files());
    TableFormat format =
        TableFormat.of(files)
            .orElseThrow(
                () ->
                    SluiceException.contract(
                        "Cannot import table %s: its files are %s. Import a table of parquet, orc or"
                            + " avro files, or write to a new table",
                        name, files));
    Table table = Table.of(format, name).describedAs(Objects.requireNonNullElse(comment, ""));
    for (Field field : fields()) {
      String type = parameters.getOrDefault(HiveLayout.TYPE + field.name(), field.type());
      table = table.column(field.name(), type, Objects.requireNonNullElse(field.comment(), ""));
    }
    return partitionKeys.isEmpty()
        ? table
        : table.partitionedBy(partitionKeys.stream().map(Field::name).toArray(String[]::new));
  }

  /** How its comments differ from those declared, one line each. */
  public List<String> words(Table table) {
    List<String> words = new ArrayList<>();
    if (!Objects.requireNonNullElse(comment, "").equals(table.comment())) {
      words.add(Words.ofTable(table.comment()));
    }
    for (Field field : fields()) {
      String name = declaredName(table, field.name());
      HiveLayout.comment(table, name)
          .filter(declared -> !declared.equals(Objects.requireNonNullElse(field.comment(), "")))
          .ifPresent(declared -> words.add(Words.ofColumn(name, declared)));
    }
    return words;
  }

  /** All columns, those of the partitions last. */
  private List<Field> fields() {
    return Stream.concat(columns.stream(), partitionKeys.stream()).toList();
  }

  /** Hive keeps names in lower case only. */
  private static String declaredName(Table table, String found) {
    return table.columnNames().stream()
        .filter(name -> name.equalsIgnoreCase(found))
        .findFirst()
        .orElse(found);
  }
}
