package dev.sluice.runtime.lake;

import dev.sluice.model.Partition.By;
import dev.sluice.model.Table;
import dev.sluice.runtime.spi.FileCatalog.Partition;
import dev.sluice.runtime.spi.LakeAccess;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.apache.spark.sql.catalyst.catalog.ExternalCatalogUtils;

/** Which partitions of a table of plain files are old: those of which no row is younger. */
record FileAge(LakeAccess lake, Table table, String column, Duration age) {
  private static final DateTimeFormatter HOUR = DateTimeFormatter.ofPattern("uuuu-MM-dd-HH");

  List<Partition> partitions() {
    dev.sluice.model.Partition by = table.timeOf(this.column).orElseThrow();
    int column = table.partitioning().indexOf(by);
    LocalDateTime oldest =
        LocalDateTime.ofInstant(by.begin(Instant.now().minus(age)), ZoneOffset.UTC);
    return lake.files().partitions(table).stream()
        .filter(partition -> isBefore(by, partition.values().get(column), oldest))
        .toList();
  }

  private static boolean isBefore(
      dev.sluice.model.Partition by, String folder, LocalDateTime oldest) {
    return !folder.equals(ExternalCatalogUtils.DEFAULT_PARTITION_NAME())
        && begin(by, folder).isBefore(by.by() == By.VALUE ? oldest.with(LocalTime.MIN) : oldest);
  }

  /** When the time begins that a folder is named after. */
  private static LocalDateTime begin(dev.sluice.model.Partition by, String folder) {
    return switch (by.by()) {
      case YEAR -> Year.parse(folder).atDay(1).atStartOfDay();
      case MONTH -> YearMonth.parse(folder).atDay(1).atStartOfDay();
      case HOUR -> LocalDateTime.parse(folder, HOUR);
      default -> LocalDate.parse(folder).atStartOfDay();
    };
  }
}
