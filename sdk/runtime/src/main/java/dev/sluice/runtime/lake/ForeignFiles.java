package dev.sluice.runtime.lake;

import dev.sluice.model.Sdk;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.runtime.spi.FileCatalog.Entry;
import dev.sluice.runtime.spi.FileCatalog.Partition;
import dev.sluice.runtime.spi.LakeAccess;
import dev.sluice.runtime.spi.TargetChange;
import dev.sluice.runtime.spi.Words;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.catalog.ExternalCatalogUtils;

/**
 * Tables of files that the catalog has and Sluice did not make.
 *
 * <p>Their files stay where they are, and partitions point there until a run replaces them. Runs
 * write into the lake's own folder of the table: were that the same one, readers of a whole folder
 * would find the rows of runs that were never published.
 */
final class ForeignFiles {
  private ForeignFiles() {}

  /** The parameters of an entry once the table is one of ours. */
  static Map<String, String> known(Entry entry) {
    Map<String, String> parameters = new LinkedHashMap<>(entry.parameters());
    if (parameters.putIfAbsent(Words.MARK, Sdk.version()) == null) {
      parameters.put("EXTERNAL", "TRUE");
      // Spark would read the columns from here, which nobody keeps from now on.
      parameters.keySet().removeIf(name -> name.startsWith("spark.sql."));
    }
    return parameters;
  }

  /**
   * What is to be said before a table is taken over: nothing where it is one of ours.
   *
   * @throws SluiceException of kind CONTRACT where it cannot be taken over
   */
  static List<TargetChange> takeover(LakeAccess lake, Table table, Entry found) {
    String root = lake.location(table);
    // Made, and never written to, by an SDK that left no mark.
    boolean fresh = found.location().equals(root + "/empty");
    if (Words.isOurs(found.parameters()) || fresh) {
      return List.of();
    }
    List<Partition> partitions = lake.catalogCall(() -> lake.files().partitions(table));
    if (partitions.isEmpty() && found.location().equals(root) && !table.partitions().isEmpty()) {
      return List.of();
    }
    requireElsewhere(table, root, found.location());
    partitions.forEach(
        partition -> {
          requireElsewhere(table, root, partition.location());
          requireSameNames(table, found, partition);
        });
    return List.of(
        TargetChange.keeps(
            String.format(
                "take over table %s at %s, made by others: %d partitions stay as they are",
                table.name(), found.location(), partitions.size())));
  }

  private static void requireElsewhere(Table table, String root, String location) {
    if ((location + "/").startsWith(root + "/") || (root + "/").startsWith(location + "/")) {
      throw SluiceException.contract(
          "Cannot take over table %s: it lies at %s, and runs would write below %s, where its readers"
              + " find rows before they are published. Set lake.warehouse to another place, or"
              + " write to a new table",
          table.name(), location, root);
    }
  }

  /** A run must find the partition that it replaces, and Spark the values in the folders' names. */
  private static void requireSameNames(Table table, Entry found, Partition partition) {
    StringBuilder folders = new StringBuilder();
    for (int i = 0; i < table.partitioning().size(); i++) {
      String name = table.partitioning().get(i).name();
      String value = named(found.columns().get(name), partition.values().get(i));
      folders.append('/').append(ExternalCatalogUtils.escapePathName(name)).append('=');
      folders.append(ExternalCatalogUtils.escapePathName(value));
    }
    if (!partition.location().endsWith(folders.toString())) {
      throw SluiceException.contract(
          "Cannot take over table %s: the folder of partition %s is %s, and a run would call it %s."
              + " Write to a new table",
          table.name(),
          String.join("/", partition.values()),
          partition.location(),
          folders.substring(1));
    }
  }

  /** A value as {@link FolderNames} writes it. */
  private static String named(String type, String value) {
    if (value.equals(ExternalCatalogUtils.DEFAULT_PARTITION_NAME())) {
      return value;
    }
    try {
      return switch (type.replaceFirst("\\(.*", "")) {
        case "tinyint", "smallint", "int", "bigint" -> Long.toString(Long.parseLong(value));
        case "decimal" -> new BigDecimal(value).toPlainString();
        case "boolean" -> Boolean.toString(Boolean.parseBoolean(value));
        case "date" -> LocalDate.parse(value).toString();
        default -> value;
      };
    } catch (RuntimeException e) {
      return "?"; // no folder is called so: the caller names the partition
    }
  }
}
