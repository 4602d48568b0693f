import dev.sluice.model.Table;
import dev.sluice.runtime.bind.Settings;
import dev.sluice.runtime.spi.CatalogProvider;
import dev.sluice.runtime.spi.FileCatalog;
import dev.sluice.runtime.spi.FileCatalog.Entry;
import dev.sluice.runtime.spi.FileCatalog.Partition;
import dev.sluice.runtime.spi.LakeConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.IntStream;

/** Adds 600 partitions to a table of files, points 200 of them and 50 new ones elsewhere, drops 60. */
final class Partitions {
  record NoSettings() {}

  public static void main(String[] args) {
    LakeConfig lake =
        Settings.collect(
                NoSettings.class, Optional.empty(), Optional.empty(), System.getenv(), Map.of())
            .lake();
    String root = lake.lakeWarehouse() + "/many/days";
    Table table =
        Table.parquet("many.days").column("id", "bigint").column("day", "int").partitionedBy("day");
    Map<String, String> columns = new LinkedHashMap<>(Map.of("id", "bigint"));
    columns.put("day", "int");
    for (CatalogProvider provider : ServiceLoader.load(CatalogProvider.class)) {
      if (provider.name().equals(lake.lakeCatalog())) {
        try (FileCatalog catalog = provider.files(lake, lake.lakeWarehouse())) {
          catalog.put(table, new Entry(columns, root, Map.of()));
          catalog.point(table, days(root, 0, 600, "first"));
          catalog.point(table, days(root, 400, 650, "second"));
          catalog.drop(table, days(root, 0, 60, "first"));
        }
      }
    }
  }

  private static List<Partition> days(String root, int from, int to, String run) {
    return IntStream.range(from, to)
        .mapToObj(
            day ->
                new Partition(
                    List.of(Integer.toString(day)), root + "/day=" + day + "/" + run, day))
        .toList();
  }
}
