import dev.sluice.model.Table;
import dev.sluice.runtime.spi.CatalogProvider;
import dev.sluice.runtime.spi.FileCatalog;
import dev.sluice.runtime.spi.FileCatalog.Entry;
import dev.sluice.runtime.spi.FileCatalog.Partition;
import dev.sluice.runtime.spi.LakeConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.IntStream;

/** Adds 230 partitions to a table in Glue, points 130 of them and 20 new ones elsewhere, drops 60. */
final class Partitions {
  public static void main(String[] args) {
    LakeConfig config =
        new LakeConfig(args[1], "glue", "", "us-east-1", args[0], "", true, "1", 1);
    Table table =
        Table.parquet("many.days").column("id", "bigint").column("day", "int").partitionedBy("day");
    Map<String, String> columns = new LinkedHashMap<>(Map.of("id", "bigint"));
    columns.put("day", "int");
    for (CatalogProvider provider : ServiceLoader.load(CatalogProvider.class)) {
      if (provider.name().equals("glue")) {
        try (FileCatalog catalog = provider.files(config, args[1])) {
          catalog.put(table, new Entry(columns, args[1] + "/many/days", Map.of()));
          catalog.point(table, days(args[1], 0, 230, "first"));
          catalog.point(table, days(args[1], 100, 250, "second"));
          catalog.drop(table, days(args[1], 0, 60, "first"));
        }
      }
    }
  }

  private static List<Partition> days(String root, int from, int to, String run) {
    return IntStream.range(from, to)
        .mapToObj(
            day ->
                new Partition(
                    List.of(Integer.toString(day)),
                    root + "/many/days/day=" + day + "/" + run,
                    day))
        .toList();
  }
}
